"""What one does on a page before it is looked at."""

from collections.abc import Callable

from playwright.sync_api import Page

Act = Callable[[Page], None]


def fill_in(name: str, text: str) -> Act:
    """Fill the one field of a form and send it."""

    def act(page: Page) -> None:
        page.locator(f"input[name={name}]").fill(text)
        page.locator(f"form:has(input[name={name}]) button").first.click()
        page.wait_for_load_state()

    return act


def at_the_till(code: str, amount: str) -> Act:
    """Type a voucher and what is bought, and ask what comes off."""

    def act(page: Page) -> None:
        page.get_by_label("Store").select_option(index=1)
        page.locator("textarea[name=vouchers]").fill(code)
        page.locator("input[name=amount-0]").fill(amount)
        page.get_by_role("button", name="See the discount").click()
        page.wait_for_load_state()

    return act


def sell_by_hand(amount: str) -> Act:
    """Type what something costs, and say that the sale is done."""

    def act(page: Page) -> None:
        page.get_by_label("Store").select_option(index=1)
        page.locator("input[name=amount-0]").fill(amount)
        page.get_by_role("button", name="The sale is done").click()
        page.get_by_role("heading", name="Sold").first.wait_for()

    return act


def add_system(name: str, address: str) -> Act:
    """Have a system told of what happens."""

    def act(page: Page) -> None:
        page.get_by_label("Name").fill(name)
        page.get_by_label("Address").fill(address)
        page.get_by_role("button", name="Add it").click()
        page.wait_for_load_state()

    return act


def choose(words: str) -> Act:
    """Choose one of several by its words."""
    return lambda page: page.get_by_role("radio", name=words).check()


def then(*acts: Act) -> Act:
    """One act after the other."""

    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return act


def go_offline(page: Page) -> None:
    """The connection is gone, for streams too: Chromium keeps those that are open already."""
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")


def hold(addresses: str) -> Act:
    """Nothing comes from these addresses, and nothing fails either."""

    def act(page: Page) -> None:
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.send("Fetch.enable", {"patterns": [{"urlPattern": addresses}]})

    return act


def lose(addresses: str) -> Act:
    """What these addresses send never arrives."""
    return lambda page: page.route(addresses, lambda route: route.abort())


def see(selector: str) -> Act:
    """Wait until this shows."""
    return lambda page: page.locator(selector).wait_for()


def open_again(page: Page) -> None:
    """Reload, without waiting for pictures."""
    page.reload(wait_until="commit")


def go_nowhere(addresses: str) -> Act:
    """Whoever sets off for these addresses waits where they are."""
    return lambda page: page.route(addresses, lambda route: route.fulfill(status=204))


def wake(page: Page) -> None:
    """As when a tab is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def touch(page: Page) -> None:
    """Show that somebody is there."""
    page.keyboard.press("Shift")


def unfold_an_operation(page: Page) -> None:
    """Unfold how a receipt is recorded, all that is sent and all that is answered."""
    page.evaluate(
        """() => {
          const within = document.querySelector("#receipts_record_receipt")
          const details = [within.parentElement, ...within.querySelectorAll("details")]
          details.forEach(each => each.open = true)
        }"""
    )


def press_like(page: Page) -> None:
    """Tap the heart."""
    page.locator("button.like").click()


def save(page: Page) -> None:
    """Keep a look that is not kept yet."""
    button = page.locator("button.save")
    if button.get_attribute("aria-pressed") == "false":
        button.click()
        page.locator("button.save[aria-pressed=true]").wait_for()


def pass_on(page: Page) -> None:
    """Open the ways to pass a look or a poll on."""
    page.get_by_role("button", name="Share this").click()
    page.wait_for_url("**/share")


def follow(name: str) -> Act:
    """Follow a link by its words."""
    return lambda page: page.get_by_role("link", name=name).click()


def press(name: str) -> Act:
    """Press a button by its words."""
    return lambda page: page.get_by_role("button", name=name).click()


def wait(seconds: int) -> Act:
    """Turn the page's clock forward."""
    return lambda page: page.clock.run_for(seconds * 1_000)


def look_through_a_camera(page: Page) -> None:
    """Open the page's camera, before which hangs a label without a code."""
    page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => {
            const canvas = document.createElement("canvas")
            Object.assign(canvas, {width: 1280, height: 720})
            const pen = canvas.getContext("2d")
            setInterval(() => {
              pen.fillStyle = "#b9b2a4"
              pen.fillRect(0, 0, 1280, 720)
              pen.fillStyle = "#fff"
              pen.fillRect(400, 140, 480, 440)
            }, 50)
            return canvas.captureStream(20)
          }
        }"""
    )
    page.get_by_role("button", name="Open the camera").click()
    page.locator(".finder.on").wait_for()
