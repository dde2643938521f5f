// Likes given without a network wait here and are sent, each once, when there is one again. The
// last word on a look counts. Signing out forgets them, and so does not being signed in.

const PLACE = "swingtag:likes";

const waiting = () => JSON.parse(localStorage.getItem(PLACE) || "{}");

function keep(likes) {
  if (Object.keys(likes).length) localStorage.setItem(PLACE, JSON.stringify(likes));
  else localStorage.removeItem(PLACE);
}

export function put(outfit, liked) {
  keep({ ...waiting(), [outfit]: { liked, key: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}` } });
}

async function send(outfit, { liked, key }) {
  const answer = await fetch(`/api/v1/outfits/${outfit}/like`, {
    method: liked ? "PUT" : "DELETE",
    headers: { "Idempotency-Key": key },
  });
  if (answer.status >= 500 || answer.status === 429) return;
  const likes = answer.status === 401 ? {} : waiting();
  // Whoever changed their mind meanwhile has a newer key, which stays.
  if (likes[outfit]?.key === key) delete likes[outfit];
  keep(likes);
}

async function flush() {
  for (const [outfit, like] of Object.entries(waiting())) {
    try {
      await send(outfit, like);
    } catch {
      return;
    }
  }
}

const whenAlone = () => (navigator.locks ? navigator.locks.request(PLACE, flush) : flush());

addEventListener("online", whenAlone);
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/me/sign-out") keep({});
});
whenAlone();
if (document.body.classList.contains("phone")) {
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
}
