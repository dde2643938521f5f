"""What running campaigns give for a basket: one function, simulated and for real. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from loyalty.baskets.rules import Basket, said_amount
from loyalty.campaigns.benefits import TO_MEMBERS, why_nothing
from loyalty.campaigns.definition import Definition, Rule
from loyalty.campaigns.rules import Effect, Explanation, Facts, Gift, Outcome, Remaining, Used

UNUSED = Used()
UNKNOWN_BUYER = (
    "Some members are kept back to measure what this campaign does, so it gives nothing to buyers"
    " who are not known."
)
_EXCLUDED = "A campaign before it gave a discount and lets no other."


@dataclass(frozen=True)
class Running:
    """A campaign that runs: its definition, and what it gave so far."""

    id: str
    definition: Definition
    used: Used = UNUSED


def of_paid(campaign: Running, *, is_counted: bool) -> Running:
    """The campaign as it is for a sale that is paid: only what members get beside its price.

    What the sale itself took of its uses, `is_counted` already, is not in its way.
    """
    used = replace(campaign.used, uses=campaign.used.uses - 1) if is_counted else campaign.used
    rules = tuple(
        Rule(rule.conditions, tuple(one for one in rule.benefits if one.kind in TO_MEMBERS))
        for rule in campaign.definition.rules
    )
    definition = replace(campaign.definition, rules=rules)
    return replace(campaign, definition=definition, used=used)


def evaluate(campaigns: Iterable[Running], facts: Facts, *, explains: bool = True) -> Outcome:
    """What campaigns give for a basket together, and why, rule by rule.

    Higher priority first, then id: the order in which they come changes nothing. Each discount is
    of what those before it left, so a line never falls below nought. A campaign gives all of what
    it owes or, where its limits do not allow that, nothing; and nothing to whoever is kept back
    from it. Unless it `explains`, what conditions say is left out; what is given is the same.
    """
    remaining = Remaining({line.id: line.total_minor for line in facts.basket.lines})
    gifts: list[Gift] = []
    explanations: list[Explanation] = []
    is_closed = False
    for campaign in sorted(campaigns, key=lambda one: (-one.definition.priority, one.id)):
        gift, said, after = _offer(campaign, facts, remaining, is_closed, explains)
        explanations += said
        if gift is not None:
            gifts.append(gift)
            remaining = after
            is_closed = is_closed or (campaign.definition.is_exclusive and gift.discount_minor > 0)
    return Outcome(tuple(gifts), tuple(explanations))


def after(used: Mapping[str, Used], outcome: Outcome) -> dict[str, Used]:
    """What campaigns gave once an outcome came true, for a simulation of one basket after another.

    `uses_of_owner` is the caller's to keep, by owner.
    """
    later = dict(used)
    for gift in outcome.gifts:
        before = later.get(gift.campaign_id, Used())
        later[gift.campaign_id] = Used(
            before.uses + 1,
            before.uses_of_owner + 1,
            before.spent_minor + gift.discount_minor,
            before.spent_points + gift.points,
        )
    return later


def _offer(
    campaign: Running, facts: Facts, remaining: Remaining, is_closed: bool, explains: bool
) -> tuple[Gift | None, list[Explanation], Remaining]:
    kept_back = why_kept_back(campaign, facts)
    if kept_back is not None:
        rules = range(len(campaign.definition.rules))
        told = [Explanation(campaign.id, number, False, (kept_back,)) for number in rules]
        return None, told, remaining
    effects: list[Effect] = []
    said: list[Explanation] = []
    left = remaining
    for number, rule in enumerate(campaign.definition.rules):
        given, reasons = _apply(rule, facts, left, is_closed, explains)
        effects += given
        said.append(Explanation(campaign.id, number, bool(given), tuple(reasons)))
        left = _less(left, given)
    if not effects:
        return None, said, remaining
    gift = Gift(campaign.id, tuple(effects))
    refusal = refuse(campaign, gift, facts.basket)
    if refusal:
        refused = [
            Explanation(one.campaign_id, one.rule, False, (*one.reasons, refusal)) for one in said
        ]
        return None, refused, remaining
    return gift, said, left


def why_kept_back(campaign: Running, facts: Facts) -> str | None:
    """The sentence that says why a buyer gets nothing of a campaign whatever they buy, or None.

    Nobody is unknown to a campaign that keeps somebody back: it might be them.
    """
    if campaign.definition.holdout and facts.basket.owner_id is None:
        return UNKNOWN_BUYER
    return facts.kept_back.get(campaign.id)


def refuse(campaign: Running, gift: Gift, basket: Basket) -> str | None:
    """The sentence that says which limit keeps a campaign from giving this, or None."""
    limits, used = campaign.definition.limits, campaign.used
    if limits.uses is not None and used.uses >= limits.uses:
        return f"It was used {used.uses} times, as often as it may be."
    if limits.uses_each is not None:
        if basket.owner_id is None:
            return "It counts for each member; nobody is known here."
        if used.uses_of_owner >= limits.uses_each:
            return f"The member had it {used.uses_of_owner} times, as often as one may."
    for budget, spent, cost, said in (
        (limits.budget_minor, used.spent_minor, gift.discount_minor, _money_of(basket)),
        (limits.budget_points, used.spent_points, gift.points, _said_points),
    ):
        if budget is not None and cost and spent + cost > budget:
            left = max(budget - spent, 0)
            return f"Its budget of {said(budget)} has {said(left)} left; it needs {said(cost)}."
    return None


def _money_of(basket: Basket) -> Callable[[int], str]:
    return lambda minor: said_amount(minor, basket.currency)


def _said_points(points: int) -> str:
    return f"{points} points"


def _apply(
    rule: Rule, facts: Facts, remaining: Remaining, is_closed: bool, explains: bool
) -> tuple[list[Effect], list[str]]:
    missing = [each for each in rule.conditions if not each.holds(facts)]
    reasons = [each.says(facts) for each in missing or rule.conditions] if explains else []
    if missing:
        return [], reasons
    effects, left = [], remaining
    for benefit in rule.benefits:
        effect = benefit.given(facts, left)
        if is_closed and effect.discount_minor:
            reasons.append(_EXCLUDED)
        elif effect.is_nothing:
            reasons.append(why_nothing(benefit, facts))
        else:
            effects.append(effect)
            left = _less(left, [effect])
    return effects, reasons


def _less(remaining: Remaining, effects: Sequence[Effect]) -> Remaining:
    if not effects:
        return remaining
    lines = dict(remaining.lines)
    for effect in effects:
        for line_id, minor in effect.discounts.items():
            lines[line_id] -= minor
    return Remaining(lines)
