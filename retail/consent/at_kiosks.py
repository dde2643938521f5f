"""What a kiosk may show of whoever links a phone to it, and of their friends. Pure.

Others stand near a kiosk: whatever it shows is shown to everyone.
"""

from retail.consent.cells import Purpose

KIOSK_NAME, KIOSK_POINTS, KIOSK_LIKES = "kiosk_name", "kiosk_points", "kiosk_likes"

AT_KIOSKS = (
    Purpose(
        KIOSK_NAME,
        "Your name at a kiosk",
        "A kiosk that you link your phone to greets you by first name, and has it beside your "
        "rank. Others near it can read that.",
        "everyone",
        "screen",
        "2026-11",
        off="Off. No kiosk says your name to you from now.",
    ),
    Purpose(
        KIOSK_POINTS,
        "Your points at a kiosk",
        "A kiosk that you link your phone to shows how many points and vouchers you have. "
        "Others near it can read that.",
        "everyone",
        "screen",
        "2026-11",
        off="Off. No kiosk shows your points from now.",
    ),
    Purpose(
        KIOSK_LIKES,
        "Likes with your name at a kiosk",
        "A friend whose phone is linked to a kiosk reads your first name there, beside looks "
        "that everyone can see and things in the shop that you like. Others near it can, too.",
        "everyone",
        "screen",
        "2026-11",
        off="Off. Your name stands at no kiosk beside what you like from now.",
    ),
)
