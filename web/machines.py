"""Who follows a link: a person, or a machine that looks ahead for somebody.

Crawlers and the fetchers of link previews are told by their User-Agent, browsers that load ahead
by what they say of the purpose. Machines get the same page as people; they are only not counted.
"""

import re
from collections.abc import Mapping

from crawleruseragents import is_crawler

# What fetches previews and is not, or not surely, on the list of crawlers.
_FETCHERS = re.compile(
    r"externalhit|facebot|whatsapp/|telegrambot|twitterbot|slackbot|slack-imgproxy|discordbot"
    r"|linkedinbot|skypeuripreview|viberbot|viber |line-poker|kakaotalk-scrap|redditbot"
    r"|pinterestbot|mastodon/|pleroma|misskey|cardyb|bluesky|iframely|embedly|snap url preview"
    r"|googlemessages|microsoftpreview|bitlybot|preview|prefetch|headlesschrome|curl/|wget/"
    r"|python-|okhttp|go-http-client|java/|libwww|httpx|axios|node-fetch",
    re.IGNORECASE,
)
_AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
_LOOKS_AHEAD = re.compile(r"prefetch|preview|prerender|instant", re.IGNORECASE)


def is_person(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from somebody who wants to see the page now."""
    agent = headers.get("User-Agent", "")
    if method != "GET" or not agent.startswith("Mozilla/"):
        return False
    if any(_LOOKS_AHEAD.search(headers.get(name, "")) for name in _AHEAD):
        return False
    return not _FETCHERS.search(agent) and not is_crawler(agent)
