"""What a fitting room shows of itself and of a style, read at once from the rooms that keep it."""
