// The phone's own share sheet where there is one, else a copied link.

async function copy(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "vh";
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.addEventListener("click", async () => {
    const { share: url, shareTitle: title, copied } = button.dataset;
    if (navigator.share) {
      try {
        await navigator.share({ title, url });
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
      return;
    }
    await copy(url);
    const said = document.querySelector("[data-said]");
    if (said) {
      said.classList.add("ok");
      said.textContent = copied;
    }
  });
}
for (const box of document.querySelectorAll("input[readonly].link-box")) {
  box.addEventListener("focus", () => box.select());
}
