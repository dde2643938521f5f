"""Looks on the brand's own page of a network: which should hang there, and which do."""
