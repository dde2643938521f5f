"""What the screens of a store may choose by. Pure.

Whoever passes sees what was chosen; of whom it is chosen by, they see nothing.
"""

from retail.consent.cells import Purpose

SCREENS_CHOOSE = "screens_choose"

IN_STORES = (
    Purpose(
        SCREENS_CHOOSE,
        "Screens that choose by what you like",
        "Once you check in at a store, for about an hour, its kiosk may choose the looks it shows "
        "by what ten or more people there like, you among them. Never a name, never a number.",
        "everyone",
        "screen",
        "2026-11",
        off="Off. No screen chooses by what you like from now.",
    ),
)
