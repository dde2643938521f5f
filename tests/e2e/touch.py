"""How large what a finger has to meet is on the screen, in pixels of CSS."""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Page

from demo.scene import KIOSK, PANEL, PHONE, TABLET, Scene

# What no screen may go below (https://www.w3.org/TR/WCAG22/#target-size-minimum), and the house's
# own for a phone in a hand, a tablet on a counter, and those that hang on a wall.
LEAST = 24
LEASTS = {PHONE: 48, TABLET: 56, KIOSK: 60, PANEL: 64}


def too_small(page: Page, scene: Scene) -> list[str]:
    """What can be pressed on a whole page, but is smaller than a finger on such a screen.

    Leaves the page as high as all that is on it: to lay it out once more is for whoever needs that.
    """
    least = LEASTS.get(scene.size, LEAST)
    with _touched(page):
        height = page.evaluate("document.documentElement.scrollHeight")
        width, seen = scene.size
        page.set_viewport_size({"width": width, "height": max(height, seen)})
        return page.evaluate(_FIND, least)


@contextlib.contextmanager
def _touched(page: Page) -> Iterator[None]:
    """A screen that fingers touch, which styles can ask for; afterwards one that they do not."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        yield
    finally:
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        devtools.detach()


_FIND = """least => {
  const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])"
  // A link within a sentence is as high as its line.
  const isWithinText = one => getComputedStyle(one).display.startsWith("inline")
    && [...one.parentElement.childNodes].some(each => each.nodeType === 3 && each.data.trim())
  const labels = one => [...(one.labels ?? [])]
  const size = one => [one, ...labels(one)]
    .map(each => each.getBoundingClientRect())
    .reduce(([w, h], box) => [Math.max(w, box.width), Math.max(h, box.height)], [0, 0])
  // What lies over it and belongs to it, as where a link covers its card.
  const isMet = (one, x, y) => {
    const met = document.elementFromPoint(x, y)
    return met && (one.contains(met) || labels(one).some(label => label.contains(met)))
  }
  const isWide = one => {
    const box = one.getBoundingClientRect(), half = least / 2 - 1
    const x = box.x + box.width / 2, y = box.y + box.height / 2
    return [[-half, 0], [half, 0], [0, -half], [0, half]]
      .every(([dx, dy]) => isMet(one, x + dx, y + dy))
  }
  return [...document.querySelectorAll(pressed)]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".vh, .skip"))
    .filter(one => !isWithinText(one) && Math.min(...size(one)) < least - 0.5 && !isWide(one))
    .map(one => `${one.localName}.${one.className} "${one.textContent.trim().slice(0, 20)}" is `
      + size(one).map(Math.round).join(" × ") + `, not ${least}`)
}"""
