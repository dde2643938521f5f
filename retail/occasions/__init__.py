"""Occasions: when people dress up together, who comes, and what they plan to wear."""
