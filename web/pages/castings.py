"""Small parts of pages that tell of goods alone, put together once for the same values.

A part is a macro of `GOODS`: it sees its arguments, its language and vocabulary and nothing else,
so the same values give the same text for ever, and nothing kept can grow old.
"""

from collections.abc import Hashable

from jinja2 import pass_environment
from markupsafe import Markup

from web.language import Templates

GOODS = "fitting_room/goods.html"
MOST = 4096


@pass_environment
def cast(environment: Templates, name: str, *values: Hashable) -> Markup:
    """A part with these values, escaped as in any template; new ones are put together."""
    # Of values that are equal, those of other types may be written otherwise: 1, True and Markup.
    key = (name, values, *map(type, values))
    part = environment.castings.get(key)
    if part is None:
        # Read before it is kept: in a language that was not spoken yet this raises NotCast.
        part = getattr(environment.get_template(GOODS).module, name)(*values)
        if len(environment.castings) >= MOST:
            environment.castings.clear()
        environment.castings[key] = part
    return part
