"""Specifications, mirroring the tree."""
