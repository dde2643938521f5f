"""The demo retailer, Alder & Finch: seeded, served, and lived in from outside."""
