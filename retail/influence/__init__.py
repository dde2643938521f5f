"""Influence: what stylists’ looks and tastes led others to buy, and who was kept from it."""
