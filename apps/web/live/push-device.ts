import { KeptPushDevice } from "@bullpen/domain/push";
import { z } from "zod";

/** Where this browser stands. `denied`: its person told it not to, and only they can undo that. */
export type PushState =
	| { readonly phase: "unknown" }
	/** Not by an address without https, not on an iPhone before it is installed, or not at all. */
	| { readonly phase: "unsupported"; readonly why: "insecure" | "install" | "browser" }
	| { readonly phase: "denied" }
	| { readonly phase: "off" }
	| { readonly phase: "on"; readonly deviceId: string; readonly showsText: boolean }
	/** Of `service` it is the browser's push service that did not take part. */
	| { readonly phase: "failed"; readonly why: "service" | "server" };

const OWNER = "bullpen.push.owner";
const SUBSCRIBE_MS = 20_000;
const END_MS = 2_000;
const PushKey = z.object({ publicKey: z.string() });

/** Whether this browser is told while no page of it is looked at. The server keeps that with the sign-in of this browser. */
export class PushDevice {
	readonly #userId: string;
	readonly #listeners = new Set<() => void>();
	#state: PushState = { phase: "unknown" };

	constructor(userId: string) {
		this.#userId = userId;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): PushState => this.#state;

	/**
	 * How things are now. What the server was told of is told again, so that it knows the address that holds; what another
	 * person left in this browser is ended.
	 */
	async look(): Promise<void> {
		const why = obstacle();
		if (why !== null) return this.#set({ phase: "unsupported", why });
		if (Notification.permission === "denied") return this.#set({ phase: "denied" });
		try {
			const pushManager = (await registered())?.pushManager;
			const subscription = await pushManager?.getSubscription();
			if (!pushManager || !subscription || Notification.permission !== "granted") return this.#set({ phase: "off" });
			if (ownerOf() !== this.#userId) {
				await Promise.all([subscription.unsubscribe(), withdraw()]);
				return this.#set({ phase: "off" });
			}
			const key = await publicKey();
			await this.#keep(isBoundTo(subscription, key) ? subscription : await subscribeAnew(pushManager, key));
		} catch (error) {
			this.#fail(error);
		}
	}

	/** Asks its person first, where they were not asked yet: call it from a click. */
	async enable(): Promise<void> {
		try {
			const permission = await Notification.requestPermission();
			if (permission !== "granted") return this.#set({ phase: permission === "denied" ? "denied" : "off" });
			await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
			const { pushManager } = await navigator.serviceWorker.ready;
			const subscription = await subscribeAnew(pushManager, await publicKey());
			setOwner(this.#userId);
			await this.#keep(subscription, true);
		} catch (error) {
			this.#fail(error);
		}
	}

	async disable(): Promise<void> {
		try {
			await post("/api/push/remove", {});
			await unsubscribe();
			this.#set({ phase: "off" });
		} catch (error) {
			this.#fail(error);
		}
	}

	/** Whether what was said is part of what this device is told. */
	async setShowsText(showsText: boolean): Promise<void> {
		try {
			const subscription = await (await registered())?.pushManager.getSubscription();
			if (subscription) await this.#keep(subscription, showsText);
			else this.#set({ phase: "off" });
		} catch (error) {
			this.#fail(error);
		}
	}

	/** Call before signing out: this browser takes nothing more, whoever sends, and shows nothing. Never rejects, and is soon over. */
	async end(): Promise<void> {
		if (obstacle() !== null) return;
		await inTime(Promise.allSettled([unsubscribe(), withdraw()]), END_MS).catch(() => undefined); // the server forgets it as well
	}

	async #keep(subscription: PushSubscription, showsText?: boolean): Promise<void> {
		const { endpoint, keys } = subscription.toJSON();
		const { p256dh, auth } = keys ?? {};
		const choice = showsText === undefined ? {} : { showsText };
		const answer = await post("/api/push", { subscription: { endpoint, keys: { p256dh, auth } }, ...choice });
		this.#set({ phase: "on", ...KeptPushDevice.parse(await answer.json()) });
	}

	#fail(error: unknown): void {
		this.#set({ phase: "failed", why: error instanceof PushServiceError ? "service" : "server" });
	}

	#set(state: PushState): void {
		this.#state = state;
		for (const listener of [...this.#listeners]) listener();
	}
}

class PushServiceError extends Error {}

/** In place of one that somebody else made, or that is bound to a key that is no more. */
async function subscribeAnew(pushManager: PushManager, applicationServerKey: string): Promise<PushSubscription> {
	await (await pushManager.getSubscription())?.unsubscribe();
	const subscribing = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
	return inTime(subscribing, SUBSCRIBE_MS).catch(() => {
		throw new PushServiceError();
	});
}

/** Where a browser does not say what it is bound to, it is taken for right. */
function isBoundTo({ options }: PushSubscription, key: string): boolean {
	const bound = options.applicationServerKey;
	if (!bound) return true;
	const text = btoa(String.fromCharCode(...new Uint8Array(bound)));
	return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}

function obstacle(): Extract<PushState, { phase: "unsupported" }>["why"] | null {
	if (!window.isSecureContext) return "insecure";
	if ("PushManager" in window && "serviceWorker" in navigator && typeof Notification !== "undefined") return null;
	const isApple = /iP(?:hone|ad|od)/.test(navigator.userAgent) || (isMac() && navigator.maxTouchPoints > 1);
	return isApple && !matchMedia("(display-mode: standalone)").matches ? "install" : "browser";
}

/** iPads say that they are Macs. */
const isMac = (): boolean => navigator.userAgent.includes("Macintosh");

async function unsubscribe(): Promise<void> {
	await (await (await registered())?.pushManager.getSubscription())?.unsubscribe();
}

/** What was shown so far was for whoever signs out. */
async function withdraw(): Promise<void> {
	for (const notification of (await (await registered())?.getNotifications()) ?? []) notification.close();
}

const registered = () => navigator.serviceWorker.getRegistration("/");

async function publicKey(): Promise<string> {
	const response = await fetch("/api/push");
	if (!response.ok) throw new Error(`the server answered ${response.status}`);
	return PushKey.parse(await response.json()).publicKey;
}

async function post(path: string, body: object): Promise<Response> {
	const headers = { "content-type": "application/json" };
	const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`the server answered ${response.status}`);
	return response;
}

/** A browser without a network may never answer. */
function inTime<Result>(work: Promise<Result>, ms: number): Promise<Result> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error("it took too long")), ms);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Whose sign-in the subscription of this browser was made with. A page may be forbidden to remember anything. */
function ownerOf(): string | null {
	try {
		return localStorage.getItem(OWNER);
	} catch {
		return null; // then it is made anew when somebody wants it
	}
}

function setOwner(userId: string): void {
	try {
		localStorage.setItem(OWNER, userId);
	} catch {
		// The next page ends what nobody is known to have begun.
	}
}
