"""A fair league: which likes score, what is held back for review, who decides, and appeals."""
