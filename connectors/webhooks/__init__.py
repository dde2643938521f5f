"""Webhooks as Standard Webhooks describes them: signed, and sent to addresses that are checked."""
