// How long each fitting room has waited, in words that go on by themselves. The time is the
// server's: tablets may be wrong about theirs.

const queue = document.querySelector("[data-now]");
const started = performance.now();

function spoken(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  if (minutes >= 10) return `${minutes} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function tick() {
  const now = Date.parse(queue.dataset.now) + (performance.now() - started);
  for (const each of queue.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(each.dataset.since)) / 1_000));
    const words = each.dataset.words.replace("{time}", spoken(seconds));
    if (each.textContent !== words) each.textContent = words;
  }
}

if (queue) {
  document.addEventListener("swingtag:swapped", tick);
  setInterval(tick, 1_000);
  tick();
}
