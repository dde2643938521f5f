// Laying out with a finger or a mouse. Every place is also a hidden field of the form, and the
// arrow buttons work here as they do on the server.

const form = document.querySelector("[data-layout]");
const board = form.querySelector("[data-board]");
const svg = board.querySelector("svg");
const said = document.querySelector("[data-said]");
const STEP = 25;
const TURN = 5;
const GROWTH = 1.1;
const WIDTHS = [60, 900];
const KINDS = ["x", "y", "width", "rotation", "depth"];

const pieces = new Map([...svg.querySelectorAll("[data-piece]")].map((image) => {
  const id = image.dataset.piece;
  const fields = Object.fromEntries(KINDS.map((kind) => [kind, form.elements[`${kind}-${id}`]]));
  const at = Object.fromEntries(KINDS.map((kind) => [kind, Number(fields[kind].value)]));
  const ratio = image.getAttribute("height") / image.getAttribute("width");
  return [id, { id, image, fields, at, ratio }];
}));

const ring = svg.querySelector("[data-ring]") || (() => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  made.setAttribute("class", "ring");
  made.setAttribute("rx", "20");
  svg.append(made);
  return made;
})();

const chosen = () => pieces.get(form.elements.selected.value);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function place(element, at, height, margin) {
  element.setAttribute("x", at.x - margin);
  element.setAttribute("y", at.y - margin);
  element.setAttribute("width", at.width + 2 * margin);
  element.setAttribute("height", height + 2 * margin);
  element.setAttribute("transform",
    `rotate(${at.rotation} ${at.x + at.width / 2} ${at.y + height / 2})`);
}

function draw(piece) {
  const { at, fields, image, ratio } = piece;
  const height = at.width * ratio;
  // The middle of a piece stays on the board, as the server has it too.
  at.x = Math.round(clamp(at.x, -at.width / 2, 1000 - at.width / 2));
  at.y = Math.round(clamp(at.y, -height / 2, 900 - height / 2));
  place(image, at, height, 0);
  KINDS.forEach((kind) => { fields[kind].value = at[kind]; });
  if (piece === chosen()) circle();
}

function circle() {
  const piece = chosen();
  const isHidden = !piece || piece.image.getAttribute("display") === "none";
  ring.setAttribute("display", isHidden ? "none" : "inline");
  if (!isHidden) place(ring, piece.at, piece.at.width * piece.ratio, 12);
  svg.append(ring);
}

function choose(id) {
  const radio = form.querySelector(`[name=selected][value="${CSS.escape(id)}"]`);
  if (radio) radio.checked = true;
  circle();
}

function restack(order) {
  order.forEach((piece, index) => {
    piece.at.depth = index + 1;
    piece.fields.depth.value = piece.at.depth;
    svg.append(piece.image);
  });
  svg.append(ring);
}

const byDepth = () => [...pieces.values()].sort((a, b) => a.at.depth - b.at.depth);

const MOVES = {
  left: (at) => { at.x -= STEP; },
  right: (at) => { at.x += STEP; },
  up: (at) => { at.y -= STEP; },
  down: (at) => { at.y += STEP; },
  "turn-left": (at) => { at.rotation = ((at.rotation - TURN + 540) % 360) - 180; },
  "turn-right": (at) => { at.rotation = ((at.rotation + TURN + 540) % 360) - 180; },
  larger: (at) => resize(at, at.width * GROWTH),
  smaller: (at) => resize(at, at.width / GROWTH),
};

function resize(at, wanted) {
  const width = Math.round(clamp(wanted, ...WIDTHS));
  at.x -= (width - at.width) / 2;
  at.width = width;
}

for (const button of form.querySelectorAll("[name=move]")) {
  button.addEventListener("click", (event) => {
    const piece = chosen();
    if (!piece) return;
    event.preventDefault();
    const others = byDepth().filter((each) => each !== piece);
    if (button.value === "forward") restack([...others, piece]);
    else if (button.value === "back") restack([piece, ...others]);
    else MOVES[button.value]?.(piece.at);
    draw(piece);
    said.textContent = said.dataset.words.replace("{name}", piece.image.dataset.name || "");
  });
}

// --- dragging ----------------------------------------------------------------------------------

let drag = null;

function onBoard(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}

svg.addEventListener("pointerdown", (event) => {
  const piece = pieces.get(event.target.dataset?.piece);
  if (!piece) return;
  event.preventDefault();
  choose(piece.id);
  const start = onBoard(event);
  drag = { piece, dx: piece.at.x - start.x, dy: piece.at.y - start.y };
  svg.setPointerCapture(event.pointerId);
  board.classList.add("dragging");
});
svg.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const now = onBoard(event);
  drag.piece.at.x = now.x + drag.dx;
  drag.piece.at.y = now.y + drag.dy;
  draw(drag.piece);
});
for (const kind of ["pointerup", "pointercancel"]) svg.addEventListener(kind, () => {
  drag = null;
  board.classList.remove("dragging");
});

// --- the rest of the form ----------------------------------------------------------------------

form.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name === "background") {
    board.className = board.className.replace(/bg-\w+/, `bg-${value}`);
  } else if (name === "shown") {
    pieces.get(value).image.setAttribute("display", checked ? "inline" : "none");
    circle();
  } else if (name === "selected") {
    circle();
  }
});

const caption = form.elements.caption;
const count = form.querySelector("[data-count]");
caption.addEventListener("input", () => {
  count.textContent = count.dataset.words
    .replace("{n}", [...caption.value].length).replace("{limit}", caption.maxLength);
});
circle();
