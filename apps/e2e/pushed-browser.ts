import { type BrowserContext, type CDPSession, expect, type Page } from "@playwright/test";

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
	async prepare({ subscription }: { readonly subscription: PushSubscriptionJSON }): Promise<void> {
		await this.#context.grantPermissions(["notifications"], { origin: this.#origin });
		await this.#context.addInitScript((given) => {
			const key = "test.subscribed";
			const made = {
				options: {},
				toJSON: () => given,
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
		}, subscription);
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
		this.hasCentre = true;
		this.hasCentre = await this.#ask(async () => {
			const { registration } = self as unknown as ServiceWorkerGlobalScope;
			try {
				await registration.showNotification("probe", { tag: "probe" });
			} catch {
				return false; // it was granted, and is not permitted
			}
			const found = await registration.getNotifications();
			for (const one of found) one.close();
			return found.length > 0;
		});
	}

	/** What a push service hands over: the browser decrypts it, and wakes the worker. */
	async deliver(message: object): Promise<void> {
		const registrationId = this.#registrationId ?? "0";
		const data = JSON.stringify(message);
		await this.#ask(async () => undefined);
		await this.#devTools?.send("ServiceWorker.deliverPushMessage", { origin: this.#origin, registrationId, data });
	}

	/** The notifications that stand on the screen now are these. */
	async shows(expected: Partial<Shown>[]): Promise<void> {
		const shown = () =>
			this.#ask(async () => {
				const { registration } = self as unknown as ServiceWorkerGlobalScope;
				return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
			});
		await expect.poll(shown).toMatchObject(expected);
	}

	/** A click on the one that is shown. */
	async click(): Promise<void> {
		await this.#ask(async (isReal) => {
			const scope = self as unknown as ServiceWorkerGlobalScope;
			const [notification] = await scope.registration.getNotifications();
			if (notification === undefined) throw new Error("nothing is shown");
			const clicked = isReal
				? new NotificationEvent("notificationclick", { notification })
				: Object.assign(new ExtendableEvent("notificationclick"), { notification });
			scope.dispatchEvent(clicked);
		}, this.hasCentre);
	}

	/** In the worker, which a browser ends whenever it likes. */
	async #ask<Result>(run: (isReal: boolean) => Promise<Result>, isReal = true): Promise<Result> {
		for (let tries = 1; ; tries++) {
			try {
				await this.#devTools?.send("ServiceWorker.startWorker", { scopeURL: `${this.#origin}/` });
				const worker = this.#context.serviceWorkers()[0] ?? (await this.#context.waitForEvent("serviceworker"));
				if (!this.hasCentre) await worker.evaluate(placeForNotifications);
				return await worker.evaluate(run, isReal);
			} catch (error) {
				if (tries === TRIES || !/restarted|closed/.test(String(error))) throw error;
			}
		}
	}
}

const TRIES = 5;

/** What is shown stands there until it is closed, also when the worker is ended meanwhile. */
async function placeForNotifications(): Promise<void> {
	const { registration } = self as unknown as ServiceWorkerGlobalScope;
	const kept = () => caches.open("test.notifications");
	Object.assign(registration, {
		showNotification: async (title: string, options: { tag: string }) => {
			await (await kept()).put(`/${encodeURIComponent(options.tag)}`, Response.json({ title, ...options }));
		},
		getNotifications: async () => {
			const cache = await kept();
			const shown = await Promise.all((await cache.matchAll()).map((one): Promise<{ tag: string }> => one.json()));
			return shown.map((one) => ({ ...one, close: () => cache.delete(`/${encodeURIComponent(one.tag)}`) }));
		},
	});
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
