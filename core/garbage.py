"""How often a serving process looks for garbage, which is mostly where none is."""

import gc

# So many new objects between two looks; the usual 700 are those of one page.
NEW_OBJECTS = 10_000


def leave_alone_what_is_loaded() -> None:
    """Spare everything that is there already from all later looks, and look less often.

    Once an application is loaded, its code and mappings stay until the process ends, and each
    whole look would go through all of them: a third of the time of a page of many rows.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
