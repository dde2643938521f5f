"""What a shared screen must not keep of somebody: not stored, and not on the way back to it."""

from collections.abc import Callable

from playwright.sync_api import Page


def assert_nothing_is_left(screen: Page, shows_her: Callable[[Page], object]) -> None:
    """Search the page, what it stored, its cookies and its whole history for whoever has left.

    `shows_her` says whether the page that is open has anything of her.
    """
    assert not shows_her(screen)
    assert screen.evaluate("localStorage.length + sessionStorage.length") == 0
    assert screen.evaluate("(async () => (await indexedDB.databases()).length)()") == 0
    assert screen.evaluate("(async () => (await caches.keys()).length)()") == 0
    assert {each["name"] for each in screen.context.cookies()} == {"device"}
    for _ in range(screen.evaluate("history.length - 1")):
        screen.go_back()
        assert not shows_her(screen)
