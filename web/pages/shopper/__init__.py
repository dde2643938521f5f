"""Pages on a shopper's own phone."""
