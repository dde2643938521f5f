"""How many different people of a brand bought something, where that says nothing of anybody."""
