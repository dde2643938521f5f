"""What a brand sells: categories, styles, variants, and the stock of each store."""
