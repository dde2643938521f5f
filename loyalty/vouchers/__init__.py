"""Vouchers: worth a sum or a share, shown as a code that is stored only as a hash."""
