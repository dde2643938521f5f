"""A year of a real grocer through importer, points, tiers and vouchers, proved to the cent."""
