"""May we? What each member agreed to, for which purpose, and until when."""
