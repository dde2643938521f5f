"""What a voucher gives, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from loyalty.vouchers.terms import Terms
from web.pages.formats import money, number


def terms_words(terms: Terms) -> list[str]:
    """The terms as short sentences: what it gives, for what, from when on, how often."""
    currency = terms.currency or ""
    said = [gives_words(terms)]
    if terms.most_minor is not None:
        said.append(_("At most %(sum)s.", sum=money(terms.most_minor, currency, short=True)))
    if terms.minimum_minor:
        least = money(terms.minimum_minor, currency, short=True)
        said.append(_("From %(sum)s on.", sum=least))
    if terms.scope.includes:
        said.append(_("For %(goods)s.", goods=_list(terms.scope.includes)))
    if terms.scope.excludes:
        said.append(_("Not for %(goods)s.", goods=_list(terms.scope.excludes)))
    if terms.scope.places:
        said.append(_("In %(stores)s.", stores=_list(terms.scope.places)))
    said.append(_often(terms.uses))
    if terms.uses_per_owner is not None:
        most = terms.uses_per_owner
        said.append(ngettext("%(num)s for each member.", "%(num)s for each member.", most))
    if terms.stacking == "stackable":
        said.append(_("Together with others."))
    if terms.campaign_id is not None:
        said.append(_("From the budget “%(campaign)s”.", campaign=terms.campaign_id))
    return said


def gives_words(terms: Terms) -> str:
    """What it gives, in one short sentence."""
    if terms.kind == "percent":
        return str(_("%(share)s%% off.", share=terms.value))
    if terms.kind == "amount":
        return str(_("%(sum)s off.", sum=money(terms.value, terms.currency or "", short=True)))
    if terms.kind == "item":
        return str(_("%(title)s, one piece free.", title=terms.title))
    return str(_("A gift: %(title)s.", title=terms.title))


def _often(uses: int | None) -> str:
    if uses is None:
        return str(_("As often as one likes."))
    if uses == 1:
        return str(_("Once."))
    return str(_("%(times)s times.", times=number(uses)))


def _list(labels: frozenset[str]) -> str:
    return ", ".join(sorted(labels))
