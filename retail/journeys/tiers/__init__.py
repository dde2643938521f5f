"""Ladders of tiers, what they bring, and who is told."""
