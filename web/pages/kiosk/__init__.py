"""Screens that hang in the shop."""
