"""Points, vouchers and rankings as a library: a session in, values out; it knows no person."""
