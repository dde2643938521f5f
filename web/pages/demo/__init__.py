"""The demo's front door."""
