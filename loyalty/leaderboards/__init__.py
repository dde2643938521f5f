"""Boards of owners by score: seasons that tile time, live standings, frozen finals, prizes."""
