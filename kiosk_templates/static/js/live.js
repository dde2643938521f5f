// Keeps parts of a page true. Plain HTML comes first; this wakes on server-sent events and
// fetches the parts again, with their ETag, and says so when the connection is not there.
//
// <div data-live-fragment="/fragments/…" data-topic="board:… store:…" [data-hold] [data-announce]>
// Others may listen on document: "swingtag:before-swap" and "swingtag:swapped" (target: the part),
// and send "swingtag:refresh" (target: a part), "swingtag:pause", "swingtag:resume".

const POLL = 30_000;
const MISSED = 31_000;
const GONE = 60_000;
const STALE = 300_000;
const HOLD = 3_000;
const ANNOUNCE = 30_000;
const SLOW = 1_000;
const GIVE_UP = 20_000;
const MAX_TOPICS = 16;

const parts = () => [...document.querySelectorAll("[data-live-fragment]")];
const pills = () => [...document.querySelectorAll("[data-live-status]")];
const etags = new WeakMap();
const waiting = new WeakMap();
const slow = new Set();

let source = null;
let lastSeen = performance.now();
let brokenSince = null;
let lastTouch = -Infinity;
let lastSaid = -Infinity;
let paused = false;

// --- what the pill says ------------------------------------------------------------------------

const started = performance.now();

function clockOf(pill) {
  const at = Date.parse(pill.dataset.seenAt) + (lastSeen - started);
  const options = { hour: "2-digit", minute: "2-digit", timeZone: pill.dataset.zone || undefined };
  return new Intl.DateTimeFormat("en-GB", options).format(at);
}

function state() {
  if (paused) return "paused";
  const silent = performance.now() - lastSeen;
  if (silent > GONE) return "offline";
  if (silent > MISSED || brokenSince !== null) return "reconnecting";
  return slow.size ? "updating" : "live";
}

function show() {
  const now = state();
  for (const pill of pills()) {
    if (pill.dataset.state !== now) pill.dataset.state = now;
    const name = "words" + now[0].toUpperCase() + now.slice(1);
    const words = (pill.dataset[name] || "").replace("{time}", clockOf(pill));
    const target = pill.querySelector("[data-live-words]");
    if (target.textContent !== words) target.textContent = words;
    const bar = pill.closest("[data-live-bar]");
    if (bar) bar.hidden = now === "live";
  }
  document.documentElement.toggleAttribute("data-offline", now === "offline");
  document.documentElement.toggleAttribute("data-stale", performance.now() - lastSeen > STALE);
  document.documentElement.toggleAttribute("data-aged", performance.now() - started > STALE);
}

function seen() {
  lastSeen = performance.now();
  brokenSince = null;
  show();
}

// --- fetching parts again ----------------------------------------------------------------------

async function refresh(part) {
  const headers = etags.has(part) ? { "If-None-Match": etags.get(part) } : {};
  const signal = AbortSignal.timeout(GIVE_UP);
  const late = setTimeout(() => { slow.add(signal); show(); }, SLOW);
  let answer, html;
  try {
    answer = await fetch(part.dataset.liveFragment, { headers, cache: "no-store", signal });
    html = await answer.text();
  } catch {
    return;
  } finally {
    clearTimeout(late);
    if (slow.delete(signal)) show();
  }
  if ([205, 401, 404].includes(answer.status)) {
    // What is gone is gone for everybody, 205 says that the page is another one by now, and 401 that
    // whoever looks, or their device, may not any more: the page itself says so best.
    location.reload();
    return;
  }
  if (!answer.ok) return;
  etags.set(part, answer.headers.get("ETag"));
  swap(part, html);
}

function swap(part, html) {
  const rest = HOLD - (performance.now() - lastTouch);
  if (part.hasAttribute("data-hold") && rest > 0) {
    clearTimeout(waiting.get(part));
    waiting.set(part, setTimeout(() => swap(part, html), rest + 50));
    return;
  }
  part.dispatchEvent(new CustomEvent("swingtag:before-swap", { bubbles: true }));
  const before = countIn(part);
  part.innerHTML = html;
  part.dispatchEvent(new CustomEvent("swingtag:swapped", { bubbles: true }));
  if (countIn(part) !== before) announce(part);
}

// A pause keeps the board still for a reader, but never a name that was taken back.
const isTakenBack = (topics) => topics?.some((topic) => topic.startsWith("consent:"));

function refreshAll(topics, evenPaused = isTakenBack(topics)) {
  if (paused && !evenPaused) return;
  for (const part of parts()) {
    const own = (part.dataset.topic || "").split(/\s+/);
    if (!topics || own.some((topic) => topics.includes(topic))) refresh(part);
  }
}

// --- saying counts aloud, seldom ---------------------------------------------------------------

const voice = document.createElement("p");
voice.className = "vh";
voice.setAttribute("aria-live", "polite");
document.body.append(voice);

const countIn = (part) => part.querySelector(".n")?.textContent;

function announce(part) {
  const count = countIn(part);
  if (!part.dataset.announce || !count || performance.now() - lastSaid < ANNOUNCE) return;
  lastSaid = performance.now();
  voice.textContent = part.dataset.announce.replace("{n}", count);
}

// --- the stream --------------------------------------------------------------------------------

function topics() {
  const all = parts().flatMap((part) => (part.dataset.topic || "").split(/\s+/)).filter(Boolean);
  return [...new Set(all)].slice(0, MAX_TOPICS);
}

function connect() {
  const wanted = topics();
  if (!wanted.length) return;
  source?.close();
  const query = new URLSearchParams(wanted.map((topic) => ["topic", topic]));
  source = new EventSource(`/live?${query}`);
  source.addEventListener("hello", () => {
    // Events between the page and the stream, or while asleep, are lost: look again. Whoever was
    // cut off may have missed that somebody took their name back.
    const wasCutOff = brokenSince !== null;
    seen();
    refreshAll(undefined, wasCutOff);
  });
  source.addEventListener("heartbeat", seen);
  source.addEventListener("changed", (event) => {
    seen();
    refreshAll(JSON.parse(event.data).topics);
  });
  source.onerror = () => {
    brokenSince ??= performance.now();
    show();
    // A refusal, such as too many streams, ends the stream for good; ask again later.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 8_000);
  };
}

for (const kind of ["pointerdown", "touchstart", "keydown"]) {
  addEventListener(kind, () => { lastTouch = performance.now(); }, { passive: true, capture: true });
}
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
addEventListener("online", connect);
addEventListener("offline", () => { brokenSince ??= performance.now(); show(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refreshAll();
});
document.addEventListener("swingtag:refresh", (event) => refresh(event.target));
document.addEventListener("swingtag:pause", () => { paused = true; show(); });
document.addEventListener("swingtag:resume", () => { paused = false; seen(); refreshAll(); });
setInterval(show, 1_000);
setInterval(() => refreshAll(), POLL);
connect();
