import { mkdtempSync, rmSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import type { PushSubscription } from "@bullpen/domain/push";
import { testMessage } from "@bullpen/domain/push-rules";
import { prepareKeys } from "@bullpen/engine/keys";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakePushService, startFakePushService, vapidClaims } from "../../test/fake-push-service.ts";
import type { Lookup } from "../checked-lookup.ts";
import { PushService } from "./push-service.ts";
import { Vapid } from "./vapid.ts";

const SHORT: Limits = { ...LIMITS, pushRetryMs: 5, pushRetryMaxMs: 50 };
const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-push-"));
let now = Date.parse("2026-11-22T12:00:00Z");
let vapid: Vapid;
let fake: FakePushService;
let service: PushService;

beforeAll(() => {
	vapid = new Vapid(prepareKeys(dataFolder).folder, "https://chat.example.org", () => now);
});
beforeEach(async () => {
	fake = await startFakePushService();
	service = new PushService({ vapid, limits: SHORT, isLoopbackAllowed: true });
});
afterEach(() => Promise.all([service.close(), fake.stop()]));
afterAll(() => rmSync(dataFolder, { recursive: true }));

const pushTo = (subscription: PushSubscription, isWanted = () => true) => ({
	...{ subscription, message: testMessage(now), isUrgent: true, topic: "place", isWanted },
});

describe("sending to a device", () => {
	test("[PUSH4] the device alone can read it; its push service learns how much, how urgent, and who sends", async () => {
		const [device, other] = [fake.device(), fake.device()];
		expect(await service.send(pushTo(device.subscription))).toBe("delivered");
		expect(device.messages).toEqual([testMessage(now)]);
		const [seen] = fake.received;
		expect(seen?.headers).toMatchObject({
			...{ "content-encoding": "aes128gcm", urgency: "high", topic: "place", ttl: String(LIMITS.pushKeptMs / 1_000) },
		});
		expect(seen?.body.toString("latin1")).not.toContain("Bullpen");
		expect(() => other.read(seen!)).toThrow();
	});

	test("[PUSH9] a push service can prove whose message it is, by one signature for hours", async () => {
		const device = fake.device();
		const tokenAfter = async (ms: number) => {
			now += ms;
			await service.send(pushTo(device.subscription));
			return device.received.at(-1)?.headers.authorization;
		};
		const first = await tokenAfter(0);
		expect(vapidClaims(device.received[0]!)).toMatchObject({
			...{ aud: fake.origin, sub: "https://chat.example.org", exp: Math.floor(now / 1_000) + 12 * 60 * 60 },
		});
		expect(await tokenAfter(5 * 60 * 60_000)).toBe(first);
		expect(await tokenAfter(2 * 60 * 60_000)).not.toBe(first);
	});

	test("[PUSH8] what may pass is tried again, a few times, as long as somebody wants it", async () => {
		const device = () => fake.device();
		fake.answers((response, tries) => response.writeHead(tries < 3 ? 503 : 201).end());
		expect(await service.send(pushTo(device().subscription))).toBe("delivered");
		fake.answers((response) => response.writeHead(429, { "retry-after": "0.01" }).end());
		const busy = device();
		expect(await service.send(pushTo(busy.subscription))).toBe("unreachable");
		expect(busy.received).toHaveLength(SHORT.pushTriesMax);
		const read = device();
		expect(await service.send(pushTo(read.subscription, () => false))).toBe("unreachable");
		expect(read.received).toHaveLength(1);
		fake.answers((response) => response.writeHead(429, { "retry-after": "3600" }).end());
		const patient = device();
		expect(await service.send(pushTo(patient.subscription))).toBe("unreachable");
		expect(patient.received).toHaveLength(1);
	});

	test.each([
		[404, "gone"],
		[410, "gone"],
		[400, "refused"],
		[403, "refused"],
		[413, "refused"],
		[302, "refused"],
	] as const)("[PUSH8] %i is the end of it: %s", async (status, outcome) => {
		const device = fake.device();
		const elsewhere = fake.device();
		fake.answers((response) => response.writeHead(status, { location: elsewhere.subscription.endpoint }).end());
		expect(await service.send(pushTo(device.subscription))).toBe(outcome);
		expect([device.received.length, elsewhere.received.length]).toEqual([1, 0]);
	});

	test("[PUSH8] one that never answers, or answers without an end, is left in time", async () => {
		const limits = { ...SHORT, pushAnswerMs: 100 };
		const impatient = new PushService({ vapid, limits, isLoopbackAllowed: true });
		const began = performance.now();
		fake.answers(() => undefined);
		expect(await impatient.send(pushTo(fake.device().subscription))).toBe("unreachable");
		fake.answers((response) => {
			response.writeHead(500);
			const endless = setInterval(() => response.write("x".repeat(1_000)), 1);
			response.once("close", () => clearInterval(endless));
		});
		expect(await impatient.send(pushTo(fake.device().subscription))).toBe("unreachable");
		expect(performance.now() - began).toBeLessThan(LIMITS.pushAnswerMs);
		await impatient.close();
	});

	test("[PUSH8] no more are on their way at once than it says, and no more wait", async () => {
		const limits = { ...SHORT, pushesAtOnce: 2, pushesWaitingMax: 3, pushTriesMax: 1 };
		const narrow = new PushService({ vapid, limits, isLoopbackAllowed: true });
		let [open, most] = [0, 0];
		fake.answers((response) => {
			most = Math.max(most, ++open);
			setTimeout(() => response.writeHead(201).end(() => open--), 20);
		});
		const outcomes = await Promise.all(
			Array.from({ length: 8 }, () => narrow.send(pushTo(fake.device().subscription))),
		);
		expect(outcomes.filter((outcome) => outcome === "delivered")).toHaveLength(5);
		expect(most).toBe(2);
		await narrow.close();
	});

	test("[PUSH1] a name that leads to a private address is not connected to, and is looked up once for each try", async () => {
		const { port } = new URL(fake.origin);
		for (const address of [
			"127.0.0.1",
			"10.0.0.1",
			"169.254.169.254",
			"::1",
			"::ffff:127.0.0.1",
			"fd00::1",
			"0.0.0.0",
		]) {
			let lookups = 0;
			const lookup = ((_: string, __: object, done: Parameters<LookupFunction>[2]) => {
				lookups++;
				done(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
			}) as Lookup;
			const limits = { ...SHORT, pushTriesMax: 1 };
			const led = new PushService({ vapid, limits, isLoopbackAllowed: false, lookup });
			const { keys } = fake.device().subscription;
			const outcome = await led.send(pushTo({ endpoint: `https://push.example.org:${port}/x`, keys }));
			expect([address, outcome, lookups]).toEqual([address, "unreachable", 1]);
			await led.close();
		}
		expect(fake.received).toEqual([]);
	});

	test("[PUSH1] what no push service gives is refused when it comes", () => {
		const { endpoint, keys } = fake.device().subscription;
		expect(() => service.check({ endpoint, keys })).not.toThrow();
		const offCurve = `B${"A".repeat(86)}`;
		expect(() => service.check({ endpoint, keys: { ...keys, p256dh: offCurve } })).toThrow(/no key/);
		const strict = new PushService({ vapid, limits: SHORT, isLoopbackAllowed: false });
		expect(() => strict.check({ endpoint, keys })).toThrow(/not the address/);
		return strict.close();
	});
});
