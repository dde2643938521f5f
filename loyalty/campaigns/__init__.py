"""Campaigns: who, with which basket, when and where, gets what; the same simulated and for real."""
