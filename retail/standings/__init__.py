"""Where members stand on the ladder of tiers of their brand."""
