"""Prizes on their way to winners: released by two, collected, accepted, expired, passed on."""
