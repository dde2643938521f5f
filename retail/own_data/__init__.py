"""A copy of all that is kept about a member, gathered for them, and what names whom."""
