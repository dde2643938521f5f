"""Points are earned, spent, taken back and run out."""
