"""Polls: a member asks which of two of their looks, and whoever sees both says so once."""
