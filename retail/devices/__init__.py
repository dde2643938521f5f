"""Screens, readers and tablets of a store: how they are let in, and where they stand."""
