// Whoever signs out receives no more pushes here: the form says where they went, so that the shop
// forgets the address, and the phone forgets it too.

const forms = () => document.querySelectorAll('form[action="/me/sign-out"]');

async function subscription() {
  const registration = await navigator.serviceWorker?.getRegistration();
  return registration?.pushManager?.getSubscription();
}

const found = subscription().catch(() => null);

found.then((kept) => {
  if (!kept) return;
  for (const form of forms()) {
    const box = document.createElement("input");
    Object.assign(box, { type: "hidden", name: "endpoint", value: kept.endpoint });
    form.append(box);
    form.addEventListener("submit", () => { kept.unsubscribe().catch(() => {}); });
  }
});
