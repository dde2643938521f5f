"""Tiers: what somebody's credits earned, how long it holds, and what comes after."""
