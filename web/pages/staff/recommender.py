"""The recommender for those who look after it: what serves, how it learns, and the way back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, SwingtagError
from retail.brands import queries as brands
from retail.staff import roles
from retail.training import queries, rules, service
from retail.training.serving import roll_back, standing
from web.auth import current_staff, guarded, needs, settings
from web.pages.again import shown_again
from web.pages.staff.training_plot import draw_figures
from web.write import read, write

staff_recommender = guarded(
    Blueprint("staff_recommender", __name__, url_prefix="/staff/recommender"), by="staff_page"
)
staff_recommender_live = guarded(
    Blueprint("staff_recommender_live", __name__, url_prefix="/staff/live/recommender"),
    by="staff_live",
)


@staff_recommender.get("")
@needs(roles.TRAIN)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """What serves, the run under way, and all that were."""
    return render_template("staff/recommender.html", **_shown(session), error=error)


@staff_recommender_live.get("")
@needs(roles.TRAIN)
@read
def rows(session: Any) -> str:
    """The same by itself, fetched again while a run is under way."""
    return render_template("staff/recommender_runs.html", **_shown(session))


@staff_recommender.post("/train")
@needs(roles.TRAIN)
@write
def train(session: Any) -> Any:
    """Have it learn anew; one run at a time."""
    wish = {"origin": rules.STAFF, "now": clock.now()}
    _run, is_new = service.ask_worker(session, _brand_id(), **wish)
    flash(_("It learns anew now.") if is_new else _("It is learning already."))
    return redirect("/staff/recommender", 303)


@staff_recommender.post("/rollback")
@needs(roles.TRAIN)
@shown_again(show)
@write
def go_back(session: Any) -> Any:
    """Have the model before serve again."""
    del session  # What serves lies on a shelf; the edge still keeps a repeated key.
    roll_back(_brand_id(), settings().data_dir, name=request.form.get("name", ""))
    flash(_("The model before serves again."))
    return redirect("/staff/recommender", 303)


def _brand_id() -> str:
    me = current_staff()
    if me.store_id is not None:
        sentence = _("It learns for the whole brand; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id


def _shown(session: Any) -> dict[str, Any]:
    brand_id = _brand_id()
    runs = queries.history(session, brand_id)
    serving = standing(brand_id, settings().data_dir)
    return {
        "runs": runs,
        "under_way": next((run for run in runs if run.is_open), None),
        "serving": serving,
        "brand": brands.get_brand(session, brand_id),
        "plot": draw_figures(runs),
        "fewest": rules.FEWEST_SHOPPERS,
        "fewest_tried": rules.FEWEST_TRIED,
        "now": clock.now(),
    }
