"""Who looked: each time somebody opened a member's data, kept for that member to read."""
