"""A store's day, acted from outside: tills and phones that know nothing but HTTP."""
