"""The shop: rooms, and journeys that join them."""
