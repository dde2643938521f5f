"""Tiers: the ladder in force with who stands where, and a form with who would move by another."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from loyalty.campaigns.running import running_for
from loyalty.tiers import queries as tiers
from loyalty.tiers.queries import LadderView
from loyalty.tiers.rules import Ladder
from retail.brands import queries as brands
from retail.journeys.points.review_tier import preview_tiers
from retail.journeys.tiers.set_tiers import set_tiers
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff import tiers_form as forms
from web.pages.staff import tiers_words as words
from web.pages.staff.points import setter_brand_id
from web.pages.staff.tiers_form import BASES, DROPS, PERIODS, Typed
from web.schemas.points import HeldVersion
from web.write import read, write

staff_tiers = guarded(
    Blueprint("staff_tiers", __name__, url_prefix="/staff/tiers"), by="staff_page"
)


# Who would move is worked out while somebody waits: so many take about two seconds.
MOST_TRIED = 20_000


@dataclass(frozen=True)
class Tried:
    """A ladder that was typed without a fault, and who would move by it.

    `looked` of `members` were looked at, drawn by chance where they are not all.
    """

    ladder: Ladder
    moves: list[words.Move]
    looked: int = 0
    members: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether numbers are worked out from some for all."""
        return self.looked < self.members

    def going(self, way: str) -> int:
        """How many would go a way, of all."""
        return self.of_all(sum(one.members for one in self.moves if one.way == way))

    def of_all(self, seen: int) -> int:
        """How many of all are as so many of those looked at."""
        return round(seen * self.members / self.looked) if self.is_sample and self.looked else seen

    def give_or_take(self, way: str) -> int:
        """By how much `going` may be off, at 95%."""
        seen = sum(one.members for one in self.moves if one.way == way)
        return words.margin(seen, self.looked, self.members)


@staff_tiers.get("")
@needs(roles.SET_POINTS)
@read
def show(session: Any) -> str:
    """The ladder in force, how many stand on each tier and what it brings, and its versions."""
    brand, now = brands.get_brand(session, setter_brand_id()), clock.now()
    versions = tiers.versions(session, brand.id)
    setters = {one.published_by for one in versions if one.published_by}
    page = {"held": versions[0] if versions else None, "versions": words.editions(versions)}
    page |= {"names": staff.names_of_staff(session, setters), "now": now, "words": words}
    page |= {"counts": tiers.counts(session, brand.id)}
    page["brings"] = _brings(session, brand.id, versions[0].ladder) if versions else {}
    return render_template("staff/tiers.html", brand=brand, **page)


@staff_tiers.get("/edit")
@needs(roles.SET_POINTS)
@read
def edit(session: Any, error: SwingtagError | None = None) -> str:
    """The form with the ladder in force, or with what was typed and what is wrong."""
    held = tiers.find_ladder(session, setter_brand_id())
    if request.method == "POST":
        return _page(session, held, forms.typed_form(request.form), error=error)
    typed = forms.typed_ladder(held.ladder) if held else forms.beginning()
    return _page(session, held, typed, error=error)


@staff_tiers.post("/edit")
@needs(roles.SET_POINTS)
@shown_again(edit)
@write
def save(session: Any) -> Any:
    """Put what was typed in force, as the next version."""
    ladder, version = _asked(session), read_form(HeldVersion)["version"]
    how = {"instead_of": version, "published_by": current_staff().id, "now": clock.now()}
    held = set_tiers(session, setter_brand_id(), ladder, **how)
    said = _("Version %(version)s holds from now on; members move within minutes.", version=held)
    flash(said)
    return redirect("/staff/tiers", 303)


@staff_tiers.post("/edit/try")
@needs(roles.SET_POINTS)
@shown_again(edit)
@read
def try_out(session: Any) -> str:
    """Add or remove a tier; or say who would go up or down."""
    typed = forms.typed_form(request.form)
    held = tiers.find_ladder(session, setter_brand_id())
    if forms.do(typed, request.form.get("do", "")):
        return _page(session, held, typed)
    return _page(session, held, typed, tried=_tried(session, held, _asked(session)))


def _asked(session: Any) -> Ladder:
    """What was typed, by the days of the ladder in force, or of the brand."""
    brand_id = setter_brand_id()
    held = tiers.find_ladder(session, brand_id)
    zone = held.ladder.zone if held else brands.get_brand(session, brand_id).zone
    return forms.read(forms.typed_form(request.form), zone=zone)


def _tried(session: Any, held: LadderView | None, asked: Ladder) -> Tried:
    if held is None:
        return Tried(asked, [])
    brand_id = setter_brand_id()
    found = preview_tiers(session, brand_id, asked, now=clock.now(), most=MOST_TRIED)
    rows = words.move_rows(found.moves, held.ladder, asked)
    return Tried(asked, rows, found.looked, found.members)


def _brings(session: Any, brand_id: str, ladder: Ladder) -> dict[str, list[str]]:
    now = clock.now()
    return {
        tier.code: list(running_for(session, brand_id, tier.label, now=now).values())
        for tier in ladder.tiers
    }


def _page(
    session: Any,
    held: LadderView | None,
    typed: Typed,
    *,
    error: SwingtagError | None = None,
    tried: Tried | None = None,
) -> str:
    wrong = error.data.get("fields", {}) if error else {}
    return render_template(
        "staff/tiers_edit.html",
        brand=brands.get_brand(session, setter_brand_id()),
        held=held,
        counts=tiers.counts(session, setter_brand_id()),
        tried=tried,
        error=error,
        wrong=wrong,
        typed=typed,
        boxes=forms.head_boxes(typed, wrong),
        rows=forms.rows(typed, wrong),
        version=held.version if held else 0,
        bases=BASES,
        periods=PERIODS,
        drops=DROPS,
    )
