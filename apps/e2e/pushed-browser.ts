import { type BrowserContext, type CDPSession, expect, type Page, type Worker } from "@playwright/test";
import type { FakeDevice } from "../../packages/actors/test/fake-push-service.ts";

interface Shown {
	readonly title: string;
	readonly body: string;
	readonly tag: string;
}

/**
 * A browser whose push service is the fake one: the way from there to its service worker is Chromium's own (DevTools
 * `ServiceWorker.deliverPushMessage`), as push services do not serve browsers of tests.
 *
 * Chromium's headless shell, which npm brings, has no place for notifications, whatever it was granted. There one is put into
 * the worker (`hasCentre` is false), and all else is as in any browser.
 */
export class PushedBrowser {
	readonly #context: BrowserContext;
	readonly #origin: string;
	#devTools: CDPSession | undefined;
	#registrationId: string | undefined;
	hasCentre = false;

	constructor(context: BrowserContext, origin: string) {
		this.#context = context;
		this.#origin = origin;
	}

	/** Call before the first page. */
	async prepare(device: FakeDevice): Promise<void> {
		await this.#context.grantPermissions(["notifications"], { origin: this.#origin });
		await this.#context.addInitScript((subscription) => {
			const key = "test.subscribed";
			const made = {
				options: {},
				toJSON: () => subscription,
				unsubscribe: async () => {
					localStorage.removeItem(key);
					return true;
				},
			};
			const manager = PushManager.prototype as unknown as Record<string, () => Promise<unknown>>;
			manager.subscribe = async () => {
				localStorage.setItem(key, "yes");
				return made;
			};
			manager.getSubscription = async () => (localStorage.getItem(key) === null ? null : made);
			Object.defineProperty(Notification, "permission", { get: () => "granted" });
		}, device.subscription);
	}

	/** Call once a page is open, and before it registers a worker. */
	async watch(page: Page): Promise<void> {
		this.#devTools = await this.#context.newCDPSession(page);
		this.#devTools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
			this.#registrationId = registrations.at(-1)?.registrationId ?? this.#registrationId;
		});
		await this.#devTools.send("ServiceWorker.enable");
	}

	/** Call once the worker is there. */
	async open(): Promise<void> {
		const worker = await this.#worker();
		this.hasCentre = await worker.evaluate(async () => {
			const { registration } = self as unknown as ServiceWorkerGlobalScope;
			const probe = registration.showNotification("probe", { tag: "probe" });
			const isTaken = await probe.then(
				() => true,
				() => false,
			);
			const found = await registration.getNotifications();
			for (const one of found) one.close();
			if (isTaken && found.length > 0) return true;
			const shown = new Map<string, object>();
			Object.assign(registration, {
				showNotification: async (title: string, options: { tag: string }) => {
					shown.set(options.tag, { title, ...options, close: () => shown.delete(options.tag) });
				},
				getNotifications: async () => [...shown.values()],
			});
			return false;
		});
	}

	/** What a push service hands over: the browser decrypts it, and wakes the worker. */
	async deliver(message: object): Promise<void> {
		const registrationId = this.#registrationId ?? "0";
		const data = JSON.stringify(message);
		await this.#devTools?.send("ServiceWorker.deliverPushMessage", { origin: this.#origin, registrationId, data });
	}

	/** The notifications that stand on the screen now are these. */
	async shows(expected: Partial<Shown>[]): Promise<void> {
		const worker = await this.#worker();
		const shown = () =>
			worker.evaluate(async () => {
				const { registration } = self as unknown as ServiceWorkerGlobalScope;
				return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
			});
		await expect.poll(shown).toMatchObject(expected);
	}

	/** A click on the one that is shown. */
	async click(): Promise<void> {
		const worker = await this.#worker();
		await worker.evaluate(async (isReal) => {
			const scope = self as unknown as ServiceWorkerGlobalScope;
			const [notification] = await scope.registration.getNotifications();
			if (notification === undefined) throw new Error("nothing is shown");
			const clicked = isReal
				? new NotificationEvent("notificationclick", { notification })
				: Object.assign(new ExtendableEvent("notificationclick"), { notification });
			scope.dispatchEvent(clicked);
		}, this.hasCentre);
	}

	async #worker(): Promise<Worker> {
		return this.#context.serviceWorkers()[0] ?? (await this.#context.waitForEvent("serviceworker"));
	}
}

// What this file needs of the worker's side of the DOM: its types and those of pages exclude each other.
interface ServiceWorkerGlobalScope {
	readonly registration: ServiceWorkerRegistration;
	dispatchEvent(event: Event): boolean;
}
declare class ExtendableEvent extends Event {}
declare class NotificationEvent extends ExtendableEvent {
	constructor(type: string, init: { notification: Notification });
}
