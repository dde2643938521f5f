// Takes whoever checked in from the screen when their time is over, with a network or without.
// The time is the server's: tablets may be wrong about theirs.

const began = document.querySelector("[data-greetings-now]");
const started = performance.now();

function sweep() {
  const now = Date.parse(began.dataset.greetingsNow) + (performance.now() - started);
  for (const each of document.querySelectorAll("[data-gone-at]")) {
    if (Date.parse(each.dataset.goneAt) > now) continue;
    const part = each.closest("[data-live-fragment]");
    each.remove();
    part.dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
  }
}

if (began) setInterval(sweep, 1_000);

// A short buzz for whoever is new among those who checked in, and for what is new among what rooms
// ask for; never for what was there already.
const NEWS = "a.who, a.opens";
const listed = () => [...document.querySelectorAll(NEWS)].map((each) => each.href);
let met = new Set(listed());

document.addEventListener("swingtag:swapped", () => {
  const here = listed();
  // Browsers complain of a page that shakes in a hand that never touched it.
  const mayBuzz = navigator.userActivation?.hasBeenActive ?? true;
  if (mayBuzz && here.some((each) => !met.has(each))) navigator.vibrate?.(60);
  met = new Set([...met, ...here]);
});
