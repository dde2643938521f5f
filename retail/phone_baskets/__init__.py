"""Baskets on phones: what a member means to take to the till of one store, kept for a visit."""
