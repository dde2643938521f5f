// The kiosk: rows slide when ranks change, one live line at a time, a pause button, and looks
// one after another while nobody is near. The seconds come from the page.

const page = document.querySelector("[data-kiosk]");
const seconds = (name) => Number(page.dataset[name]) * 1_000;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");

// --- ranks -------------------------------------------------------------------------------------

const ranks = document.querySelector("[data-ranks]");
let places = new Map();
let before = new Map();

const rows = () => [...ranks.querySelectorAll("[data-row]")];

function numbers() {
  return new Map(rows().map((row) => [row.dataset.row, {
    rank: Number(row.dataset.rank), score: Number(row.dataset.score), name: row.dataset.name,
  }]));
}

// The rank at the beginning of the board's day stands on the row, the same on every screen.
function word(row) {
  const box = row.querySelector("[data-moved]");
  const old = Number(row.dataset.earlier);
  const rose = old ? old - Number(row.dataset.rank) : null;
  const words = box.querySelector("[data-words]");
  const [text, symbol, mood] = rose === null ? [box.dataset.wordsNew, "sparkle-fill", ""]
    : rose === 1 ? [box.dataset.wordsUpOne, "arrow-up-bold", "up"]
    : rose > 1 ? [box.dataset.wordsUp.replace("{n}", rose), "arrow-up-bold", "up"]
    : rose < 0 ? [box.dataset.wordsDown.replace("{n}", -rose), "arrow-down-bold", "dn"]
    : [box.dataset.wordsSame, "minus-bold", ""];
  words.textContent = text;
  box.classList.remove("up", "dn");
  if (mood) box.classList.add(mood);
  const use = box.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${symbol}`));
}

function slide(row) {
  const from = places.get(row.dataset.row);
  const by = from === undefined ? 0 : from - row.getBoundingClientRect().top;
  if (!by || isStill.matches) return;
  row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }],
    { duration: 420, easing: "cubic-bezier(.2,.7,.2,1)" });
}

ranks.addEventListener("swingtag:before-swap", () => {
  places = new Map(rows().map((row) => [row.dataset.row, row.getBoundingClientRect().top]));
  before = numbers();
});
ranks.addEventListener("swingtag:swapped", () => {
  rows().forEach((row) => { word(row); slide(row); });
  for (const [key, { rank, name }] of numbers()) {
    const old = before.get(key);
    if (old === undefined && before.size) say("wordsNew", name);
    else if (old && rank < old.rank) say("wordsRank", name, rank);
  }
});
rows().forEach(word);

// --- one live line -----------------------------------------------------------------------------

const line = document.querySelector("[data-line]");
const rest = line.textContent;
const queue = [];
let said = null;
let until;
let isPaused = false;

// Whoever took their name back, or was taken from the board, is gone from the line with the row.
const isStillShown = (one) => [...page.querySelectorAll("[data-name]")]
  .some((each) => each.dataset.name === one.name);

function say(kind, name, n) {
  queue.push({ name, text: line.dataset[kind].replace("{name}", name).replace("{n}", n) });
  if (queue.length > 6) queue.shift();
  if (!said) next();
}

function next() {
  clearTimeout(until);
  do said = isPaused ? null : queue.shift() ?? null;
  while (said && !isStillShown(said));
  line.textContent = said?.text ?? rest;
  if (said) until = setTimeout(over, seconds("lineSeconds"));
}

// Who pauses reads on.
const over = () => { if (!isPaused) next(); };

page.addEventListener("swingtag:swapped", () => { if (said && !isStillShown(said)) next(); });

const wall = document.querySelector("[data-wall]");
let liked = new Map();
const tiles = () => new Map([...wall.querySelectorAll("[data-outfit]")]
  .map((tile) => [tile.dataset.outfit, { likes: Number(tile.dataset.likes), name: tile.dataset.name }]));

wall.addEventListener("swingtag:before-swap", () => { liked = tiles(); });
wall.addEventListener("swingtag:swapped", () => {
  for (const [id, { likes, name }] of tiles()) {
    const more = likes - (liked.get(id)?.likes ?? likes);
    if (more === 1) say("wordsLike", name);
    else if (more > 1) say("wordsLikes", name, more);
  }
});

// --- pause -------------------------------------------------------------------------------------

const pause = document.querySelector("[data-pause]");
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.querySelector("[data-when-live]").hidden = isPaused;
  pause.querySelector("[data-when-paused]").hidden = !isPaused;
  document.dispatchEvent(new CustomEvent(isPaused ? "swingtag:pause" : "swingtag:resume"));
  over();
});

// --- nobody near: one look after another -------------------------------------------------------

const attract = document.querySelector("[data-attract]");
const warning = document.querySelector("[data-warning]");
const pauseLooks = document.querySelector("[data-pause-looks]");
const slides = () => [...attract.querySelectorAll("[data-slide]")];
let lastTouch = performance.now();
let lastLook = 0;
let current = 0;

function touched() {
  lastTouch = performance.now();
  warning.hidden = true;
  if (!attract.hidden) {
    attract.hidden = true;
    page.inert = false;
  }
}

function lay(index) {
  const all = slides();
  current = index % all.length;
  all.forEach((slide, place) => { slide.hidden = place !== current; });
}

function showLook(index) {
  lay(index);
  // Each round begins with what holds by now: a campaign ends without a word.
  if (index && !current) attract.querySelector("[data-slides]").dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
  lastLook = performance.now();
}

function begin() {
  attract.hidden = false;
  warning.hidden = true;
  page.inert = true;
  showLook(0);
}

// Where less is to move they begin paused; whoever wants them to go on says so.
if (matchMedia("(prefers-reduced-motion: reduce)").matches) pauseLooks.setAttribute("aria-pressed", "true");

// A kiosk that phones can be linked to begins, and begins anew after each, with looks.
if ("own" in page.dataset && !location.search) begin();

const areLooksPaused = () => pauseLooks.getAttribute("aria-pressed") === "true";

setInterval(() => {
  const idle = performance.now() - lastTouch;
  if (attract.hidden) {
    if (isPaused) return;
    if (idle >= seconds("idleSeconds")) begin();
    else warning.hidden = idle < seconds("idleSeconds") - seconds("warningSeconds");
  } else if (!areLooksPaused() && performance.now() - lastLook >= seconds("lookSeconds")) {
    showLook(current + 1);
  }
}, 500);

// A look that is told anew keeps its time: where much happens it would else stay for ever.
attract.addEventListener("swingtag:swapped", () => { if (!attract.hidden) lay(current); });
pauseLooks.addEventListener("click", (event) => {
  event.stopPropagation();
  pauseLooks.setAttribute("aria-pressed", String(!areLooksPaused()));
});
// What is pressed for something of its own does not wake the board first.
for (const own of [pauseLooks, ...attract.querySelectorAll("form")]) {
  own.addEventListener("pointerdown", (event) => event.stopPropagation());
}
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, (event) => {
  if (!pauseLooks.contains(event.target)) touched();
});
