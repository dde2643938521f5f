"""What a store's members have in common, as numbers of many: nothing is counted apart."""
