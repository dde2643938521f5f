// What is being made shows how far it is: a part of the page that says that it changes is fetched
// every other second from the address that it names. Without it one opens the page again.

const EVERY = 2_000;
const PART = "[data-watched]";

async function look(here) {
  try {
    const answer = await fetch(here.dataset.watched);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.querySelector(PART);
    if (there) here.replaceWith(there);
  } catch {
    // Nothing came: what stands there stays until the next look.
  }
}

function again() {
  const changing = document.querySelector(`${PART}[data-changing]`);
  if (changing) setTimeout(() => look(changing).then(again), EVERY);
}

again();
