"""Ranks as they stood when the day began, so that "up 1 place" is true on every screen."""
