"""Social: likes of outfits, each once per member, and counts that equal their rows."""
