// Shows what this device is told while nobody looks at it, and leads to it. It keeps nothing, and stands between no page and
// the server: without a `fetch` listener nothing goes through it.
const ANSWER_MS = 1_500;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(messageIn(event.data))));
self.addEventListener("notificationclick", (event) => {
	event.notification.close();
	event.waitUntil(open(event.notification.data?.path ?? "/"));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

/** What cannot be read is shown, too: browsers take the permission from sites that are told and show nothing. */
function messageIn(data) {
	try {
		const { tag, title, body, path, at, seq, isTest } = data.json();
		const isOurs = typeof path === "string" && new URL(path, self.location.origin).origin === self.location.origin;
		return { tag, title: String(title), body: String(body), path: isOurs ? path : "/", at, seq, isTest };
	} catch {
		return { tag: "unknown", title: "Bullpen", body: "There is something new.", path: "/" };
	}
}

async function show({ tag, title, body, path, at, seq, isTest }) {
	const isLookedAt = (await pages()).some((page) => page.focused && page.visibilityState === "visible");
	if (isLookedAt && !isTest) return; // the page itself says so
	await self.registration.showNotification(title, {
		body,
		tag: String(tag),
		renotify: true,
		timestamp: Number.isFinite(at) ? at : Date.now(),
		icon: "/icons/icon-192.png",
		badge: "/icons/badge-96.png",
		data: { path, seq },
	});
}

/** In a page that is there, without loading it anew, else in a new one. */
async function open(path) {
	const all = await pages();
	const page = all.find(({ focused }) => focused) ?? all.find((one) => one.visibilityState === "visible") ?? all[0];
	const url = new URL(path, self.location.origin).href;
	if (page === undefined) return self.clients.openWindow(url);
	await page.focus().catch(() => undefined); // a browser may not let us; the page is right in any case
	if (await goes(page, path)) return undefined;
	return page.navigate(url).catch(() => self.clients.openWindow(url));
}

/** Whether a page of ours that is awake takes over. */
function goes(page, path) {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		const timer = setTimeout(() => resolve(false), ANSWER_MS);
		port1.onmessage = () => {
			clearTimeout(timer);
			resolve(true);
		};
		page.postMessage({ type: "open", path }, [port2]);
	});
}

/** The push service gave this browser another address. If the server cannot be told now, the next page does. */
async function renew({ oldSubscription, newSubscription }) {
	const options = oldSubscription?.options;
	const subscription = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
	if (!subscription) return;
	const { endpoint, keys } = subscription.toJSON();
	await fetch("/api/push", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ subscription: { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } } }),
	});
}

const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });
