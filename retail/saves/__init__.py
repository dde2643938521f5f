"""Saves: looks and pieces that a member keeps to come back to, for nobody else to see."""
