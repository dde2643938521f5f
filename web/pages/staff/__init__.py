"""Pages for those who work here, on the shop's tablets and desks."""
