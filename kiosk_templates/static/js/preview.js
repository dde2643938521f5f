// What a basket would get, while a campaign is typed: the form is sent as its Preview button would,
// and the side of the answer takes the place of this one. Without scripts the button does it.

const form = document.querySelector("#plan");
const PAUSE = 600;
let pause = 0;
let asking = null;

async function preview() {
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  body.set("do", "preview");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [here, there] = [document, page].map((each) => each.querySelector("[data-preview]"));
    if (here && there) here.replaceWith(there);
  } catch {
    // Nothing came, or something newer was asked: what stands there stays.
  }
}

function later() {
  clearTimeout(pause);
  pause = setTimeout(preview, PAUSE);
}

form.addEventListener("input", later);
document.querySelector("[form=plan][name=sample_member]").addEventListener("change", later);
