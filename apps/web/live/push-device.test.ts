import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PushDevice } from "./push-device.ts";

const KEPT = { deviceId: "0".repeat(32), showsText: true };
const KEY = `B${"a".repeat(86)}`;

/** A browser's side of push, as far as a page sees it. */
class FakeBrowser {
	readonly posts: string[] = [];
	readonly storage = new Map<string, string>();
	permission: NotificationPermission = "granted";
	/** What the subscription is bound to; null where there is none. */
	boundTo: string | null = null;
	isServiceAway = false;
	ended = 0;
	/** What is shown of it. */
	notifications = 0;

	readonly pushManager = {
		getSubscription: async () => (this.boundTo === null ? null : this.#subscription(this.boundTo)),
		subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
			if (this.isServiceAway) throw new DOMException("no push service", "AbortError");
			this.boundTo = applicationServerKey;
			return this.#subscription(applicationServerKey);
		},
	};

	use(isSecureContext = true): void {
		const close = (): void => void this.notifications--;
		const getNotifications = async () => Array.from({ length: this.notifications }, () => ({ close }));
		const registration = { pushManager: this.pushManager, getNotifications };
		const worker = {
			register: async () => registration,
			ready: Promise.resolve(registration),
			getRegistration: async () => registration,
		};
		vi.stubGlobal("window", { isSecureContext, PushManager: class {} });
		vi.stubGlobal("navigator", { serviceWorker: worker, userAgent: "", maxTouchPoints: 0 });
		const permission = () => this.permission;
		vi.stubGlobal("Notification", {
			get permission() {
				return permission();
			},
			requestPermission: async () => permission(),
		});
		vi.stubGlobal("localStorage", {
			getItem: (key: string) => this.storage.get(key) ?? null,
			setItem: (key: string, value: string) => this.storage.set(key, value),
		});
		vi.stubGlobal("fetch", async (path: string, init?: { method?: string; body?: string }) => {
			if (init?.method === "POST") this.posts.push(`${path} ${init.body}`);
			return Response.json(init?.method === "POST" ? KEPT : { publicKey: KEY });
		});
	}

	#subscription(key: string) {
		return {
			options: { applicationServerKey: new Uint8Array(Buffer.from(key, "base64url")).buffer },
			toJSON: () => ({ endpoint: "https://push.example.org/x", keys: { p256dh: key, auth: "b" } }),
			unsubscribe: async () => {
				this.boundTo = null;
				this.ended++;
				return true;
			},
		};
	}
}

let browser: FakeBrowser;
beforeEach(() => {
	browser = new FakeBrowser();
	browser.use();
});
afterEach(() => vi.unstubAllGlobals());

async function enabled(userId = "ada"): Promise<PushDevice> {
	const device = new PushDevice(userId);
	await device.enable();
	return device;
}

describe("this browser as a device", () => {
	test("[PUSH7] once turned on it tells the server where it is with every page, and nothing before", async () => {
		const first = new PushDevice("ada");
		await first.look();
		expect([first.getSnapshot(), browser.posts]).toEqual([{ phase: "off" }, []]);
		await first.enable();
		expect(first.getSnapshot()).toEqual({ phase: "on", ...KEPT });
		const next = new PushDevice("ada");
		await next.look();
		expect(next.getSnapshot()).toEqual({ phase: "on", ...KEPT });
		expect(browser.posts).toHaveLength(2);
		await next.disable();
		expect([next.getSnapshot(), browser.boundTo]).toEqual([{ phase: "off" }, null]);
		expect(browser.posts.at(-1)).toBe("/api/push/remove {}");
	});

	test("[PUSH7] what somebody else left in it is ended, and signing out ends one's own", async () => {
		await enabled("ada");
		browser.notifications = 2;
		const bob = new PushDevice("bob");
		await bob.look();
		expect([bob.getSnapshot(), browser.boundTo, browser.ended]).toEqual([{ phase: "off" }, null, 1]);
		expect([browser.posts.length, browser.notifications]).toEqual([1, 0]);
		const his = await enabled("bob");
		browser.notifications = 3;
		await his.end();
		expect([browser.boundTo, browser.notifications]).toEqual([null, 0]);
	});

	test("[PUSH9] it is bound anew when the server has another key", async () => {
		await enabled();
		browser.boundTo = `B${"c".repeat(86)}`;
		const device = new PushDevice("ada");
		await device.look();
		expect([device.getSnapshot().phase, browser.boundTo]).toEqual(["on", KEY]);
	});

	test("what is in the way is told apart", async () => {
		const phaseAfter = async (act: (device: PushDevice) => Promise<void>) => {
			const device = new PushDevice("ada");
			await act(device);
			return device.getSnapshot();
		};
		browser.isServiceAway = true;
		expect(await phaseAfter((device) => device.enable())).toEqual({ phase: "failed", why: "service" });
		vi.stubGlobal("fetch", async () => new Response(null, { status: 503 }));
		expect(await phaseAfter((device) => device.enable())).toEqual({ phase: "failed", why: "server" });
		browser.permission = "denied";
		expect(await phaseAfter((device) => device.enable())).toEqual({ phase: "denied" });
		expect(await phaseAfter((device) => device.look())).toEqual({ phase: "denied" });
		browser.permission = "default";
		expect(await phaseAfter((device) => device.enable())).toEqual({ phase: "off" });
		browser.use(false);
		expect(await phaseAfter((device) => device.look())).toEqual({ phase: "unsupported", why: "insecure" });
		vi.stubGlobal("window", { isSecureContext: true });
		expect(await phaseAfter((device) => device.look())).toEqual({ phase: "unsupported", why: "browser" });
		vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)", maxTouchPoints: 5 });
		vi.stubGlobal("matchMedia", () => ({ matches: false }));
		expect(await phaseAfter((device) => device.look())).toEqual({ phase: "unsupported", why: "install" });
	});
});
