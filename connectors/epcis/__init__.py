"""Goods that were seen, in the words of EPCIS, to the operator's own repository."""
