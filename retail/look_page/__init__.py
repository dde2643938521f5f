"""What the page of one look shows, read at once from the rooms that keep it."""
