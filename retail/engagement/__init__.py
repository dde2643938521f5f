"""Engagement: which likes led further, computed from the rows of the rooms where that shows."""
