"""The screens of polls, in each of their states."""

from demo import acts
from demo.scene import Scene
from demo.stage import Stage


def which_of_two(stage: Stage) -> list[Scene]:
    polls, mine, whole = stage.polls, stage.stylist, {"is_whole": True}
    asked, new = f"/polls/{polls.asked}", "/me/polls/new"
    return [
        Scene("poll", asked, **whole),
        Scene("poll-member", asked, stage.newcomer, **whole),
        Scene("poll-voted", asked, polls.voter, **whole),
        Scene("poll-own", asked, mine, **whole),
        Scene("poll-few", f"/polls/{polls.few}", mine, **whole),
        Scene("poll-closed", f"/polls/{polls.closed}", **whole),
        Scene("poll-closed-own", f"/polls/{polls.closed}", mine, **whole),
        Scene("share-poll", asked, act=acts.pass_on, **whole),
        Scene("poll-gone", f"/polls/{'0' * 26}", expected=("404",)),
        Scene("polls", "/me/polls", mine, **whole),
        Scene("polls-of-friends", "/me/polls", polls.voter, **whole),
        Scene("polls-none", "/me/polls", stage.newcomer),
        Scene("friends-ask", "/me/friends/looks", polls.voter, **whole),
        Scene("new-poll", new, mine, **whole),
        Scene("new-poll-wrong", new, mine, act=acts.press("Ask"), expected=("422",), **whole),
        Scene("new-poll-none", new, stage.newcomer),
    ]
