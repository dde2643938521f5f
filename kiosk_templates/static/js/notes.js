// Whoever looked at the inbox for a moment has read it. What was new stays marked until they leave,
// though the page is fetched again meanwhile. Without this there is a button.

const MOMENT = 1_500;
const fresh = new Set();
let read = "";

function mark() {
  for (const row of document.querySelectorAll(".notes .fresh")) fresh.add(row.id);
  for (const id of fresh) document.getElementById(id)?.classList.add("fresh");
}

function tell() {
  const until = document.querySelector("[data-seen-until]")?.dataset.seenUntil;
  if (!until || until === read || document.visibilityState !== "visible") return;
  read = until;
  fetch("/api/v1/me/notes/read", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ until }),
  }).catch(() => { read = ""; });
}

const soon = () => setTimeout(tell, MOMENT);

document.addEventListener("swingtag:swapped", () => { mark(); soon(); });
document.addEventListener("visibilitychange", soon);
mark();
soon();
