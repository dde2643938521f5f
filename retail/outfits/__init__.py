"""Outfits: receipts' pieces laid out flat, captioned, and shown to whom their owner chose."""
