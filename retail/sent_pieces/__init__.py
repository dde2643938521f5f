"""Goods that one friend sends another with a line, and who is muted."""
