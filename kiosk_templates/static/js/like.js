// A like shows at once; it waits where there is no network, and goes back where it was refused. The
// form works without this.

import { put } from "./queue.js";

const NUMBER = new Intl.NumberFormat(document.documentElement.lang || "en-GB");

for (const form of document.querySelectorAll("form[data-like]")) {
  const button = form.querySelector("button");
  const said = document.querySelector("[data-said]");
  const id = form.dataset.like;
  let busy = false;

  const isLiked = () => button.getAttribute("aria-pressed") === "true";

  function set(liked) {
    button.setAttribute("aria-pressed", String(liked));
    form.action = `/o/${id}/${liked ? "unlike" : "like"}`;
  }

  function add(step) {
    for (const count of button.querySelectorAll(".n")) {
      const before = Number(count.textContent.replace(/\D/g, ""));
      // With no like yet the liked side already reads 1.
      const stays = count.closest(".when-on") && !button.querySelector(".when-off .n");
      if (!stays) count.textContent = NUMBER.format(Math.max(0, before + step));
    }
  }

  function run() {
    button.classList.remove("ran");
    void button.offsetWidth;
    button.classList.add("ran");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const liked = !isLiked();
    const action = form.action;
    const body = new FormData(form);
    said.textContent = "";
    said.classList.remove("ok");
    set(liked);
    add(liked ? 1 : -1);
    if (liked) run();
    try {
      const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
      button.dispatchEvent(new CustomEvent("swingtag:refresh", { bubbles: true }));
    } catch (error) {
      if (error instanceof TypeError) {
        // Nobody answered, so nobody said no.
        put(id, liked);
        said.classList.add("ok");
        said.textContent = liked ? form.dataset.queued : form.dataset.unqueued;
        busy = false;
        return;
      }
      set(!liked);
      add(liked ? -1 : 1);
      said.textContent = form.dataset.failed;
    }
    busy = false;
  });
}
