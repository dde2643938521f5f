"""Operator commands, one file per subject."""
