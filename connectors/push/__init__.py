"""Pushes out: sealed for one browser and handed to its push service."""
