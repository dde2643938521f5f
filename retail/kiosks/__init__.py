"""Kiosks that somebody uses with their phone, until a minute after the last touch."""
