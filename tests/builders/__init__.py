"""Plain functions that build what a test needs, with sensible defaults."""
