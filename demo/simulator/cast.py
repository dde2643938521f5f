"""Who shops at Alder & Finch. Invented people; their mail stays in the development mailbox."""

from dataclasses import dataclass

_NAMES = """
Nina Okafor, Femi Adeyemi, Grace Liu, Tomasz Wójcik, Priya Shah, Callum Reid, Yasmin Haddad,
Maya Lewis, Owen Pritchard, Zofia Kowalska, Kwame Mensah, Isla Campbell, Arjun Patel, Chloe Martin,
Idris Bello, Sofia Russo, Rhys Davies, Amara Nwosu, Ewan Fraser, Leila Rahimi, Jun Tanaka,
Beatrix Holloway, Mateo Fernández, Hannah Brooks, Dev Kapoor, Freya Lindqvist, Sam O’Brien,
Aisha Khan, Louis Bernard, Tilda Moss, Bashir Noor, Eleanor Price, Nico Rossi, Ruth Abara,
Harvey Cole, Mina Park, Gwen Hughes, Omar Said, Poppy Lane, Viktor Petrov
"""
_SIZES = ("8", "10", "12", "14", "16")


@dataclass(frozen=True)
class Shopper:
    """A customer: `size` is what she looks for first."""

    name: str
    email: str
    birth_on: str
    size: str


def _shopper(index: int, name: str) -> Shopper:
    address = "".join(c for c in name.lower() if (c.isascii() and c.isalpha()) or c == " ")
    return Shopper(
        name=name,
        email=f"{address.replace(' ', '.')}@shopper.example",
        birth_on=f"{1974 + index * 7 % 30}-{1 + index % 12:02}-{1 + index % 28:02}",
        size=_SIZES[index % len(_SIZES)],
    )


SHOPPERS = tuple(
    _shopper(index, name.strip()) for index, name in enumerate(_NAMES.replace("\n", " ").split(","))
)
