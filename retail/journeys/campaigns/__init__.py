"""Campaigns give, take back, are foreseen and measured."""
