"""Mail out: composed here, sent by SMTP or kept in a local mailbox in development."""
