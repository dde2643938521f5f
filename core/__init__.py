"""Ground floor: transactions, time, ids, errors, events and jobs. No business noun and no Flask."""
