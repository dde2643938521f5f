// Renews a member's card in time: asks for the part again when its code does, and hides one that
// is over. Without it the page has a link that shows a new code.

const RETRY = 4_000;
const card = document.querySelector("[data-card]");
const over = document.querySelector("[data-card-over]");
let renewsAt, endsAt;

function read() {
  const { renewsIn, endsIn } = card.querySelector("[data-renews-in]").dataset;
  // The wall's clock, since others stand still while a phone sleeps.
  renewsAt = Date.now() + Number(renewsIn) * 1_000;
  endsAt = Date.now() + Number(endsIn) * 1_000;
  show();
}

function show() {
  const isOver = Date.now() >= endsAt;
  card.hidden = isOver;
  over.hidden = !isOver;
}

function renew() {
  show();
  if (Date.now() < renewsAt) return;
  renewsAt = Date.now() + RETRY;
  card.dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
}

card.addEventListener("swingtag:swapped", read);
document.addEventListener("visibilitychange", renew);
setInterval(renew, 500);
read();
