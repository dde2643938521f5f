"""The screen of a fitting room."""
