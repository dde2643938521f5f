"""When so many people are a crowd, and how many may be told. Pure."""

# Fewer people than these are no crowd: a number of them would be about somebody.
LEAST_CROWD = 10


def round_down(count: int) -> int:
    """A crowd as it may be told: in tens at least, never more than it is; 0 where it is none."""
    if count < LEAST_CROWD:
        return 0
    unit = int(10 ** max(1, len(str(count)) - 2))
    return count // unit * unit
