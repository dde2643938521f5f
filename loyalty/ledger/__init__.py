"""Points as double entry: every transaction balances, nothing posted is ever changed."""
