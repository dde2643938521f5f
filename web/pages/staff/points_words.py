"""Terms of earning in words, rule by rule."""

from collections.abc import Sequence

from babel.dates import format_date, format_time, get_day_names
from flask_babel import gettext as _

from loyalty.baskets.rules import Scope
from loyalty.earning.changes import Change, changes
from loyalty.earning.queries import VersionView
from loyalty.earning.rules import Caps, Expiry, Rule, Terms, Window
from web.language import language
from web.pages.formats import money, number
from web.pages.staff.editions import ChangeWords, Edition, with_before


def editions(versions: Sequence[VersionView]) -> list[Edition]:
    """Versions of terms with what each changed, the newest first."""
    told = with_before(versions, lambda before, one: _changed(before.terms, one.terms))
    return [Edition(one.terms.version, one.made_at, one.made_by, said) for one, said in told]


def _changed(before: Terms, after: Terms) -> list[ChangeWords]:
    currency = after.currency
    return [
        ChangeWords(
            _named(one), _value(one, one.before, currency), _value(one, one.after, currency)
        )
        for one in changes(before, after)
    ]


def _named(change: Change) -> str:
    return {
        "currency": _("Currency"),
        "pending_days": _("Days that points wait"),
        "expiry": _("Running out"),
        "warn_days": _("Days of warning"),
    }.get(change.what, change.name)


def _value(change: Change, value: Rule | Expiry | int | str | None, currency: str) -> str | None:
    match value:
        case None:
            return None
        case Rule():
            wallet = _("credits") if value.wallet == "credits" else _("points")
            how = {"down": _("down"), "half_up": _("to the nearest"), "up": _("up")}[value.rounding]
            is_round = change.before and change.after
            said = [rule_words(value, currency), _("to %(wallet)s", wallet=wallet)]
            if is_round and change.before.rounding != change.after.rounding:
                said.append(_("rounded %(how)s", how=how))
            return "; ".join(said)
        case Expiry():
            return expiry_words(value)
        case _:
            return str(value)


def rule_words(rule: Rule, currency: str) -> str:
    """What a rule gives for what, when, and at most how much of it."""
    said = [_gives(rule, currency), *_scope(rule.scope), *_window(rule.window), *_caps(rule.caps)]
    return "; ".join(said)


def expiry_words(expiry: Expiry) -> str:
    """When points run out."""
    days = number(expiry.days)
    return {
        "none": _("Points never run out."),
        "rolling": _("Points run out %(days)s days after they were earned.", days=days),
        "calendar": _("Points run out %(days)s days after the end of their year.", days=days),
        "sliding": _("Points run out after %(days)s days without earning or spending.", days=days),
    }[expiry.kind]


def _gives(rule: Rule, currency: str) -> str:
    points = number(rule.points)
    match rule.kind:
        case "spend":
            each = money(rule.per_minor, currency, short=True)
            return _("%(points)s for each %(sum)s", points=points, sum=each)
        case "pieces":
            return _("%(points)s for each piece", points=points)
        case "multiplier":
            return _("%(share)s%% of what the other rules give", share=number(rule.percent))
        case "first_purchase":
            return _("%(points)s for the first purchase", points=points)
        case _:
            return f"{points} {_deed(rule.action)}"


def _deed(action: str) -> str:
    return {
        "outfit_laid_out": _("for a look laid out"),
        "season_won": _("for a season won"),
        "friend_purchase": _("for a purchase after a look that was passed on"),
    }.get(action, action)


def _scope(scope: Scope) -> list[str]:
    said = []
    if scope.includes:
        said.append(_("of %(goods)s", goods=_names(scope.includes)))
    if scope.excludes:
        said.append(_("not of %(goods)s", goods=_names(scope.excludes)))
    if scope.places:
        said.append(_("in %(stores)s", stores=_names(scope.places)))
    return said


def _names(labels: frozenset[str]) -> str:
    return ", ".join(sorted(label.partition(":")[2] or label for label in labels))


def _window(window: Window) -> list[str]:
    said, names = [], get_day_names("abbreviated", locale=language())
    if window.first_day:
        said.append(_("from %(day)s", day=format_date(window.first_day, "d MMM y", language())))
    if window.last_day:
        said.append(_("to %(day)s", day=format_date(window.last_day, "d MMM y", language())))
    if window.weekdays:
        said.append(_("on %(days)s", days=", ".join(names[day] for day in sorted(window.weekdays))))
    if window.from_time:
        said.append(_("from %(time)s", time=format_time(window.from_time, "HH:mm")))
    if window.until_time:
        said.append(_("until %(time)s", time=format_time(window.until_time, "HH:mm")))
    return said


def _caps(caps: Caps) -> list[str]:
    said = []
    if caps.per_receipt is not None:
        said.append(_("at most %(points)s a receipt", points=number(caps.per_receipt)))
    if caps.per_day is not None:
        said.append(_("at most %(points)s a day", points=number(caps.per_day)))
    if caps.per_period is not None:
        most, days = number(caps.per_period), number(caps.period_days)
        said.append(_("at most %(points)s in %(days)s days", points=most, days=days))
    return said
