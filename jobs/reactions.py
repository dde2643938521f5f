"""What follows from what: event → kinds of jobs, the whole of it in one dictionary."""

REACTIONS: dict[type, tuple[str, ...]] = {}
