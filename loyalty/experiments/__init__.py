"""Who gets a treatment and who is held out of it, drawn once; and what the treatment changed."""
