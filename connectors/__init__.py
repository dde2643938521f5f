"""Foreign shapes in and out: printers, mail servers, tills."""
