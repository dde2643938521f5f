// Counts down to the end of a season by the server's clock; said aloud once an hour.

const boxes = [...document.querySelectorAll("[data-ends-at]")];
const started = performance.now();

function parts(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const two = (value) => String(value).padStart(2, "0");
  if (days) return [[days, "d"], [hours, "h"], [two(minutes), "m"]];
  if (hours) return [[hours, "h"], [two(minutes), "m"], [two(Math.floor(seconds % 60)), "s"]];
  return [[minutes, "m"], [two(Math.floor(seconds % 60)), "s"]];
}

function write(box, pieces) {
  const units = box.querySelectorAll("small");
  if (units.length !== pieces.length) {
    box.replaceChildren(...pieces.flatMap(([value, unit]) => {
      const small = document.createElement("small");
      small.textContent = unit;
      return [String(value), small];
    }));
    return;
  }
  units.forEach((unit, index) => {
    const text = unit.previousSibling;
    const value = String(pieces[index][0]);
    if (text.nodeValue.trim() !== value) text.nodeValue = value;
  });
}

// A change is said only by what was there, and is polite, before it.
const voice = document.createElement("p");
voice.className = "vh";
voice.setAttribute("aria-live", "polite");
document.body.append(voice);

function sayHourly(box, left) {
  const hours = Math.floor(left / 3_600);
  if (hours < (box.hours ?? hours) && hours) {
    const time = parts(left).slice(0, 2).map((pair) => pair.join(" ")).join(" ");
    voice.textContent = box.dataset.words.replace("{time}", time);
  }
  box.hours = hours;
}

let again;

// Without a network the browser would put its own error in our place, and a kiosk stays there.
async function turnOver() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.ok) return location.reload();
  } catch {
    // Nobody there: the season that ended stays on the screen until somebody is.
  }
  clearTimeout(again);
  again = setTimeout(turnOver, 10_000);
}

function tick() {
  for (const box of boxes) {
    const now = Date.parse(box.dataset.now) + (performance.now() - started);
    const left = Math.max(0, Math.ceil((Date.parse(box.dataset.endsAt) - now) / 1_000));
    write(box, parts(left));
    sayHourly(box, left);
    // Not all screens at once: the new season's board can wait a few seconds.
    if (left === 0 && !box.dataset.over) {
      box.dataset.over = "yes";
      addEventListener("online", turnOver);
      setTimeout(turnOver, 3_000 + Math.random() * 4_000);
    }
  }
}

if (boxes.length) setInterval(tick, 1_000);
