"""Rewards: what points can be exchanged for, while there are any, so often, by whom."""
