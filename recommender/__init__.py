"""Arrays in, arrays out: what to show to whom. Knows no database and no web."""
