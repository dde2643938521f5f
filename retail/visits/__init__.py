"""Visits: that a member checked in at a store, told to nobody else and soon forgotten."""
