"""Brands, the tenants, with their stores and tills."""
