// A fitting room's screen. Before it is let in, it asks by itself, as often as devices may. Later it
// looks again when a code is over, and clears itself at its time even where the shop is silent. What
// a browser keeps of it for a way back is empty.

const form = document.querySelector("[data-pairing]");
if (form) setTimeout(() => form.submit(), 5_000);

const GRACE = 5_000;
const room = document.querySelector("[data-room]");
const ahead = room ? Date.parse(room.dataset.now) - Date.now() : 0;
let timers = [];

const until = (instant) => Date.parse(instant) - Date.now() - ahead;

function clear() {
  room.replaceChildren();
  location.replace("/room");
}

function lookAgain() {
  room.dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
}

// How long there is left: in whole minutes at the foot, in seconds once it warns.
function tell() {
  const at = room.querySelector("[data-clears-at]")?.dataset;
  const left = at ? Math.max(0, Math.ceil(until(at.clearsAt) / 1_000)) : 0;
  const ring = room.querySelector("[data-left]");
  if (ring) {
    ring.hidden = false;
    ring.textContent = left;
  }
  for (const each of room.querySelectorAll("[data-clears-in]")) {
    const words = each.dataset.clearsIn.replace("{n}", Math.ceil(left / 60));
    if (at && each.textContent !== words) each.textContent = words;
  }
}

function watch() {
  timers.forEach(clearTimeout);
  timers = [];
  tell();
  const at = room.querySelector("[data-clears-at]")?.dataset;
  if (!at) return;
  timers.push(setTimeout(clear, until(at.clearsAt) + GRACE));
  if (at.lookAgainAt) timers.push(setTimeout(lookAgain, Math.max(0, until(at.lookAgainAt)) + 500));
}

if (room) {
  document.addEventListener("swingtag:swapped", watch);
  // A page that is not to be stored may still be kept whole, to go back to.
  addEventListener("pagehide", () => room.replaceChildren());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(tell, 1_000);
  watch();
}
