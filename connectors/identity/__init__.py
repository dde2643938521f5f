"""Accounts elsewhere, by OpenID Connect."""
