"""Offers that follow from a purchase: what was offered, thanks to whom, and what became of it."""
