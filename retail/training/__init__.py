"""Learning from what a brand's shoppers do: runs, what they found, and what serves now."""
