"""Receipts come in, are claimed, and goods come back."""
