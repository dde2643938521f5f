"""What a browser says of itself, in the few words by which people know their own devices. Pure."""

# The first that fits: most browsers claim to be several others as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str | None) -> str | None:
    """Browser and kind of device, as in "Safari on iPhone"; None where neither can be told.

    No version, model or language stays, so that the words fit millions.
    """
    says = user_agent or ""
    browser = next((word for mark, word in _BROWSERS if mark in says), None)
    device = next((word for mark, word in _DEVICES if mark in says), None)
    if browser and device:
        return f"{browser} on {device}"
    return browser or device
