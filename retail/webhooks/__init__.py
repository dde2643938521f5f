"""Webhooks: who wants to be told of what, what waits for them in which order, what came of it."""
