"""Greetings: who lets themselves be seen where they checked in, as they wish it, for a while."""
