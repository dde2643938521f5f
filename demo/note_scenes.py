"""The screens to which notes lead, and the way into the shop by an account elsewhere."""

from demo import acts, seed
from demo.note_stage import Told
from demo.scene import Scene
from demo.stage import Stage

# Nobody is asked before somebody goes there, so that a name is enough to show the button.
ELSEWHERE = {
    "OIDC_ISSUER": "https://accounts.larch.example",
    "OIDC_CLIENT_ID": seed.BRAND_SLUG,
    "OIDC_NAME": "Larch",
}


def of_notes(stage: Stage, told: Told) -> list[Scene]:
    """What came in, and the way out of mails, before and after."""
    stop = acts.then(acts.press("Stop it"), acts.see(".lead[role=status]"))
    return [
        Scene("arrivals", told.arrivals, stage.stylist, is_whole=True),
        Scene("arrivals-gone", f"/me/notes/{'0' * 26}", stage.stylist, expected=("404",)),
        Scene("unsubscribe", told.unsubscribe),
        Scene("unsubscribe-done", told.unsubscribe, act=stop),
        Scene("unsubscribe-unknown", "/unsubscribe/x", expected=("404",)),
    ]


def by_an_account_elsewhere() -> list[Scene]:
    """The sign-in page where the operator named a provider, as `ELSEWHERE` does."""
    join = f"/join/{seed.BRAND_SLUG}"
    back = f"{join}/callback?code=none&state=none"
    return [Scene("join-elsewhere", join), Scene("join-elsewhere-failed", back, expected=("403",))]
