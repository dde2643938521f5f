// What people see while they wait: a form that was sent says so, a link that is slow shows the
// shape of what comes, a picture that is not there yet is a plain swing tag. All works without it.
//
// <button data-waiting="Claiming…">   its words while its form is on the way
// <nav data-bones-in="rows">          its links lead to other content of #rows; there a
// <template data-bones>               stands for what comes
// The body carries the words for all: data-waiting, data-loading, data-slow, data-unsent.

import "./queue.js";

const LATE = 300;
const TOO_LATE = 10_000;
const words = document.body.dataset;

// --- one voice, and one note -------------------------------------------------------------------

const told = document.createElement("p");
told.className = "vh";
told.setAttribute("role", "status");
document.body.append(told);

function tell(text, isShown) {
  told.className = isShown ? "note told" : "vh";
  told.textContent = text;
}

// --- waiting begins at once, shows after a moment, and ends by itself ----------------------------

const ends = new Set();

function wait({ show, hide }) {
  const late = setTimeout(show, LATE);
  const tooLate = setTimeout(() => { end(); tell(words.slow, true); }, TOO_LATE);
  function end() {
    clearTimeout(late);
    clearTimeout(tooLate);
    ends.delete(end);
    hide();
  }
  ends.add(end);
  return end;
}

// Whoever comes back to a page that the browser kept finds it as it was before.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  [...ends].forEach((end) => end());
  tell("", false);
});

// --- forms -------------------------------------------------------------------------------------

const sent = new WeakSet();

function buttonOf(form, submitter) {
  const buttons = [...form.elements].filter((each) => each.type === "submit");
  // Enter in a field presses a form's first button, which may be there for that alone.
  const twin = (each) => each.name === submitter.name && each.value === submitter.value;
  if (!submitter?.matches(".vh")) return submitter || buttons[0];
  return buttons.find((each) => each !== submitter && twin(each)) || submitter;
}

function say(button, text) {
  const was = document.createElement("span");
  was.className = "was";
  was.append(...button.childNodes);
  const now = document.createElement("span");
  now.className = "now-doing";
  now.textContent = text;
  button.append(was, now);
}

function unsay(button) {
  const was = button.querySelector(":scope > .was");
  if (was) button.replaceChildren(...was.childNodes);
}

function send(form, button) {
  const text = button?.dataset.waiting || words.waiting;
  sent.add(form);
  button?.setAttribute("data-pressed", "");
  tell("", false);
  return wait({
    show() {
      form.setAttribute("aria-busy", "true");
      button?.setAttribute("aria-disabled", "true");
      if (button) say(button, text);
      tell(text, false);
    },
    hide() {
      sent.delete(form);
      form.removeAttribute("aria-busy");
      button?.removeAttribute("aria-disabled");
      button?.removeAttribute("data-pressed");
      if (button) unsay(button);
    },
  });
}

// A browser that is offline would trade the page, and all that was typed, for one of its own. It
// may be wrong where the shop runs on the same machine, so we knock first.
async function sendOnceHeard(form, submitter, end) {
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(TOO_LATE) });
  } catch {
    end();
    tell(words.unsent, true);
    return;
  }
  end();
  heard.add(form);
  form.requestSubmit(submitter);
}

const heard = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  const end = send(form, buttonOf(form, event.submitter));
  if (navigator.onLine || heard.delete(form)) return;
  event.preventDefault();
  sendOnceHeard(form, event.submitter, end);
});

// --- links to other content of this page ---------------------------------------------------------

function isPlain(event) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

for (const nav of document.querySelectorAll("nav[data-bones-in]")) {
  const part = document.getElementById(nav.dataset.bonesIn);
  const bones = document.querySelector("template[data-bones]");
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !isPlain(event)) return;
    [...ends].forEach((end) => end());
    link.setAttribute("data-pressed", "");
    wait({
      show() {
        part.setAttribute("aria-busy", "true");
        part.after(bones.content.cloneNode(true));
        tell(words.loading, false);
      },
      hide() {
        link.removeAttribute("data-pressed");
        if (!part.hasAttribute("aria-busy")) return;
        part.removeAttribute("aria-busy");
        part.nextElementSibling.remove();
      },
    });
  });
}

// --- pictures ----------------------------------------------------------------------------------

// Inside the picture's own box, so that nothing moves when the drawing comes, or never comes.
const tag = (lines) => "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 126" width="90" height="126">'
  + '<path fill="#E8EEEA" fill-rule="evenodd" d="M16 0H74L90 16V126H0V16ZM45 10a5 5 0 1 0 0 10'
  + `a5 5 0 1 0 0-10Z"/><path fill="#D5DED8" d="${lines}"/></svg>`);
const COMING = tag("M11 88h68v8H11ZM11 104h40v8H11Z");
const MISSING = tag("");

const addressOf = (picture) => picture.getAttribute(picture.localName === "img" ? "src" : "href");
const point = (picture, address) =>
  picture.setAttribute(picture.localName === "img" ? "src" : "href", address);

function watch(picture) {
  const address = addressOf(picture);
  if (!address?.startsWith("/garments/")) return;
  // An <image> does not tell whether it is there; another one of the same address does.
  const probe = new Image();
  const hang = (blank) => {
    picture.classList.add("to-come");
    point(picture, blank);
  };
  const late = setTimeout(hang, LATE, COMING);
  probe.addEventListener("load", () => {
    clearTimeout(late);
    if (!picture.classList.contains("to-come")) return;
    picture.classList.remove("to-come");
    point(picture, address);
  });
  probe.addEventListener("error", () => {
    clearTimeout(late);
    picture.classList.add("missing");
    hang(MISSING);
  });
  probe.src = address;
}

const watchIn = (part) => part.querySelectorAll("img, svg image").forEach(watch);
watchIn(document);
document.addEventListener("swingtag:swapped", (event) => watchIn(event.target));
