// The phone without a network: one page that says so, and what that page is made of. Nothing
// personal is ever kept here. Pushes are shown as they come.

const CACHE = "swingtag-1";
const KEPT = [
  "/offline",
  "/static/css/tokens.css",
  "/static/css/base.css",
  "/static/css/phone.css",
  "/static/fonts/bricolage.woff2",
  "/static/fonts/hanken.woff2",
  "/static/icons/swingtag.svg",
];

addEventListener("install", (event) => {
  const keep = async () => (await caches.open(CACHE)).addAll(KEPT);
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

async function orKept(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(address);
    if (kept) return kept;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(orKept(request, "/offline"));
  else if (KEPT.includes(path)) event.respondWith(orKept(request, path));
});

addEventListener("push", (event) => {
  const { title, body, address, tag } = event.data.json();
  event.waitUntil(registration.showNotification(title, {
    body, tag, data: address, icon: "/app-icon-192.png",
  }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
