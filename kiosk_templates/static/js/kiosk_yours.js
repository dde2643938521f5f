// A kiosk that somebody uses with their phone. It warns and wipes itself at its times even where the
// shop is silent; a touch says that somebody is still there. Nothing stays behind for a way back.

const EVERY = 5_000;
const GRACE = 500;
const page = document.querySelector("[data-yours]");
const ahead = Date.parse(page.dataset.now) - Date.now();
let timers = [];
let lastSent = 0;

const until = (instant) => Math.max(0, Date.parse(instant) - Date.now() - ahead);
const warning = () => page.querySelector("[data-warning]");
const times = () => page.querySelector("[data-wipes-at]")?.dataset;

function clear() {
  page.replaceChildren();
  location.replace("/kiosk");
}

function warn() {
  if (warning()) warning().hidden = false;
}

function watch() {
  timers.forEach(clearTimeout);
  const at = times();
  if (!at) return;
  timers = [setTimeout(warn, until(at.warnsAt)), setTimeout(clear, until(at.wipesAt) + GRACE)];
}

async function stay() {
  lastSent = Date.now();
  try {
    await fetch("/kiosk/stay", { method: "POST", redirect: "manual" });
  } catch {
    return;
  }
  page.dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
}

function touched(event) {
  const isWarned = warning() && !warning().hidden;
  if (!("linked" in (times() ?? {})) || event.target.closest?.("form")) return;
  if (isWarned || Date.now() - lastSent >= EVERY) stay();
}

page.addEventListener("swingtag:swapped", watch);
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched);
addEventListener("pagehide", () => page.replaceChildren());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
watch();
