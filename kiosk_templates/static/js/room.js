// A screen that waits to be let in asks by itself, as often as devices may.

const form = document.querySelector("[data-pairing]");
if (form) setTimeout(() => form.submit(), 5_000);
