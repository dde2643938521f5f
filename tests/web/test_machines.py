"""Who is counted for following a link: people, and none of the machines that look ahead."""

import pytest

from web.machines import is_person

CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Mobile Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"
)
PEOPLE = {
    "Chrome": CHROME,
    "Safari": SAFARI,
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Edge": CHROME.replace(" Mobile", "") + " Edg/129.0.0.0",
    "Samsung": (
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36"
    ),
    "in Facebook, Android": CHROME + " [FB_IAB/FB4A;FBAV/483.0.0.55.75;]",
    "in Facebook, iPhone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/467.0.0.38.109;FBBV/605418014]"
    ),
    "in Instagram": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Mobile/21F79 Instagram 335.0.8.26.85 (iPhone14,5; iOS 17_5)"
    ),
    "in Snapchat": SAFARI.replace("Version/17.6 ", "") + " Snapchat/12.90.0.44",
    "in Line": CHROME + " Line/14.11.0/IAB",
    "in Pinterest": CHROME + " [Pinterest/Android]",
}
MACHINES = {
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Facebook, catalogue": "facebookcatalog/1.0",
    "Meta": "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters)",
    "WhatsApp": "WhatsApp/2.24.17.78 A",
    "WhatsApp, desktop": "WhatsApp/2.2434.6 W",
    "iMessage": (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
        "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
    ),
    "X": "Twitterbot/1.0",
    "Telegram": "TelegramBot (like TwitterBot)",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack, pictures": "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Skype": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@x",
    "Viber": "Viber 13.3.0 (Android)",
    "Reddit": "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "Mastodon": "http.rb/5.1.1 (Mastodon/4.2.10; +https://mastodon.social/) Bot",
    "Bluesky": "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "KakaoTalk": (
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"
    ),
    "Snapchat": (
        "Mozilla/5.0 (Windows NT 6.1; WOW64) Chrome/109 Safari/537.36 (compatible; Snap URL "
        "Preview Service; bot; snapchat; https://developers.snap.com/robots)"
    ),
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Google, phone": CHROME + " (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Bing": "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://bing.com/bingbot.htm)",
    "Apple": SAFARI + " (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "GPTBot": "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Yandex": "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Chromium without a head": CHROME.replace("Chrome/", "HeadlessChrome/"),
    "curl": "curl/8.5.0",
    "Python": "python-requests/2.32.3",
    "Go": "Go-http-client/2.0",
    "nobody": "",
}


@pytest.mark.parametrize("agent", PEOPLE.values(), ids=PEOPLE)
def test_people_are_counted(agent: str) -> None:
    assert is_person("GET", {"User-Agent": agent})


@pytest.mark.parametrize("agent", MACHINES.values(), ids=MACHINES)
def test_machines_are_not(agent: str) -> None:
    assert not is_person("GET", {"User-Agent": agent})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
)
def test_a_browser_that_loads_ahead_is_not(name: str, value: str) -> None:
    assert not is_person("GET", {"User-Agent": CHROME, name: value})


def test_asking_for_headers_alone_is_not_coming() -> None:
    assert not is_person("HEAD", {"User-Agent": CHROME})
