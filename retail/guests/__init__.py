"""Guests: what a stranger did before joining, kept uncounted for a day under a random number."""
