// The phone's own share sheet where there is one. Without it, and without this, plain links serve.

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

// Whether the sheet opened; to close it again is no failure.
async function openSheet(title, url) {
  try {
    await navigator.share({ title, url });
  } catch (error) {
    return error.name === "AbortError";
  }
  return true;
}

async function sheetLink(thing) {
  const answer = await fetch(`/api/v1/${thing}/shares/sheet`, { method: "PUT" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).url;
}

for (const form of document.querySelectorAll("form[data-pass-on]")) {
  form.addEventListener("submit", async (event) => {
    if (!navigator.share) return;
    event.preventDefault();
    const { passOn, shareTitle } = form.dataset;
    const opened = await sheetLink(passOn).then(
      (url) => openSheet(shareTitle, url),
      () => false,
    );
    if (!opened) form.submit();
  });
}
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => openSheet(button.dataset.shareTitle, button.dataset.share));
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(button.dataset.copy);
    document.querySelector("[data-said]").textContent = button.dataset.copied;
  });
}
for (const box of document.querySelectorAll("input[readonly].link-box")) {
  box.addEventListener("focus", () => box.select());
}
