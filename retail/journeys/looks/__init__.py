"""Looks are laid out, shown, liked and asked about."""
