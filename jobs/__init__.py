"""Time in: what runs because it is due, and what an operator runs by hand."""
