"""Sharing out: a link for each share, who came by it, and what it is credited with."""
