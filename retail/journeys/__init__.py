"""Writes that join rooms, one verb a file."""
