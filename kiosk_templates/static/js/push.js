// Ask this phone for permission to notify, and tell the shop where to. Only on a tap.

const button = document.querySelector("[data-push-key]");
const said = document.querySelector("[data-push-said]");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return button.dataset.denied;
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(button.dataset.pushKey),
  });
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch("/api/v1/me/push-subscription", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint, keys }),
  });
  return answer.ok ? button.dataset.done : button.dataset.failed;
}

if (button && "PushManager" in window) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = await subscribe().catch(() => button.dataset.failed);
  });
}
