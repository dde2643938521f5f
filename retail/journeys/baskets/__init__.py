"""From lines and cards to baskets."""
