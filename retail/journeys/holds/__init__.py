"""Pieces kept back for somebody."""
