"""Who goes shopping with whom: friendships that both wanted, invitations to them, and blocks."""
