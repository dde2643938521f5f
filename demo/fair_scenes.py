"""The screens of fair play and of prizes, for stylists and behind the counter."""

from dataclasses import replace

from demo import acts, seed
from demo.later import Trials
from demo.scene import TABLET, Scene
from demo.stage import Stage


def before_anything(stage: Stage) -> list[Scene]:
    """The same screens while nothing is there to decide, and a gift's code that is none."""
    jo, sam = stage.manager, stage.assistant
    scenes = [
        Scene("staff-reviews-none", "/staff/reviews", jo),
        Scene("staff-prizes-none", "/staff/prizes", jo),
        Scene("staff-gifts", "/staff/gifts", sam),
        Scene(
            "staff-gifts-wrong",
            "/staff/gifts",
            sam,
            act=acts.fill_in("code", "0000000000"),
            expected=("404",),
        ),
    ]
    return [*_at_the_counter(scenes), Scene("checked-likes-none", "/me/league", stage.newcomer)]


def of_fair_play(stage: Stage, trials: Trials) -> list[Scene]:
    """Likes that wait, that were decided on and appealed against; prizes that wait for two."""
    jo, rules = stage.manager, f"/league/{seed.BRAND_SLUG}/rules"
    scenes = [
        Scene("staff-reviews", "/staff/reviews", jo),
        Scene("staff-review", f"/staff/reviews/{trials.open_case}", jo),
        Scene("staff-review-decided", f"/staff/reviews/{trials.decided_case}", jo),
        Scene("staff-prizes", "/staff/prizes", jo),
    ]
    return [
        *_at_the_counter(scenes),
        Scene("checked-likes", "/me/league", stage.stylist, is_whole=True),
        Scene("league-rules", rules, is_whole=True),
        Scene("league-looks", f"/league/{seed.BRAND_SLUG}?kind=outfits", is_whole=True),
        Scene("prizes-waiting", "/me/prizes", stage.stylist, is_whole=True),
    ]


def _at_the_counter(scenes: list[Scene]) -> list[Scene]:
    return [replace(scene, size=TABLET, themes=("light",), is_whole=True) for scene in scenes]
