"""What happens to greetings, by ids of places: nobody's name travels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GreetingsChanged:
    """Who is to be greeted in a store changed."""

    store_id: str
