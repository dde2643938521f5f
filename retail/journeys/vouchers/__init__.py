"""Vouchers priced, held and redeemed with baskets."""
