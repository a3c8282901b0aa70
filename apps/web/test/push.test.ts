import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "@bullpen/domain/problem";
import { expect, test } from "vitest";
import { postSignOutEverywhere } from "../lib/account-endpoints.ts";
import { answer } from "../lib/api.ts";
import { requirePerson } from "../lib/identity.ts";
import { getPushKey, postPushDevice, postPushRemoval } from "../lib/push-endpoints.ts";
import type { CallActor } from "../lib/service-calls.ts";
import { type Browser, PUBLIC_URL, type Server, startServer } from "./server.ts";

const subscription = {
	endpoint: "https://push.example.org/device",
	keys: { p256dh: `B${"a".repeat(86)}`, auth: "a".repeat(22) },
};
const DEVICE = { deviceId: "0".repeat(32), showsText: true };

/** A server, and what its inboxes were told. */
async function start(limits: object = {}) {
	const told: { key: string; name: string; input: Record<string, unknown> }[] = [];
	const inboxes = { away: 0 };
	const call = (async (actor: string, key: string, name: string, input: Record<string, unknown>) => {
		expect(actor).toBe("userInbox");
		if (inboxes.away-- > 0) throw new Problem("busy", "away");
		told.push({ key, name, input });
		return name === "putPushDevice" ? DEVICE : { ok: true };
	}) as unknown as CallActor;
	const server = await startServer({ BULLPEN_LIMITS: JSON.stringify(limits) }, undefined, undefined, call);
	const signIn = async (name = "Ada") => {
		const browser = server.browser();
		await browser.signIn(name);
		const { person, sessionId } = await requirePerson(server, new Headers(browser.headers()));
		return { browser, userId: person.id, sessionId };
	};
	return { server, told, inboxes, signIn };
}
const look = (server: Server, browser: Browser) =>
	answer(server, getPushKey, new Request(new URL("/api/push", PUBLIC_URL), { headers: browser.headers() }));

test("[PUSH9] whoever is signed in is given the server's public key, and never the other one", async () => {
	const { server, signIn } = await start();
	const { browser } = await signIn();
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	writeFileSync(join(server.dataFolder, "push.public.pem"), publicKey.export({ type: "spki", format: "pem" }));
	const response = await look(server, browser);
	const text = await response.text();
	const { x = "", d = "" } = privateKey.export({ format: "jwk" });
	const point = Buffer.from(JSON.parse(text).publicKey, "base64url");
	expect([point.length, point[0], point.subarray(1, 33).toString("base64url")]).toEqual([65, 4, x]);
	expect(text).not.toContain(d);
	expect(response.headers.get("cache-control")).toBe("no-store");
	expect((await look(server, server.browser())).status).toBe(401);
});

test("[PUSH7] a device is told to its own person's inbox, with the sign-in that the cookie proves", async () => {
	const { server, signIn, told } = await start();
	const { browser, userId, sessionId } = await signIn();
	const put = (body: object) => browser.post(postPushDevice, "/api/push", body);
	expect(await put({ subscription, showsText: false })).toEqual({ status: 200, body: DEVICE });
	expect(told).toEqual([{ key: userId, name: "putPushDevice", input: { subscription, showsText: false, sessionId } }]);
	for (const wrong of [
		...[
			{},
			{ subscription: {} },
			{ subscription, sessionId: "another" },
			{ subscription: { ...subscription, more: 1 } },
		],
		...[{ subscription: { ...subscription, keys: { ...subscription.keys, auth: "short" } } }],
	])
		expect(await put(wrong)).toMatchObject({ status: 400, body: { code: "bad_input" } });
	expect((await server.browser().post(postPushDevice, "/api/push", { subscription })).status).toBe(401);
	const elsewhere = { origin: "https://evil.example" };
	expect((await browser.post(postPushDevice, "/api/push", { subscription }, elsewhere)).status).toBe(403);
	expect((await browser.post(postPushRemoval, "/api/push/remove")).status).toBe(200);
	expect(told.slice(1)).toEqual([{ key: userId, name: "forgetPushDevice", input: { sessionId } }]);
});

test("[PUSH7] however a sign-in ends, its device goes with it, and no other", async () => {
	const { signIn, told } = await start();
	const [laptop, phone, bob] = [await signIn(), await signIn(), await signIn("Bob")];
	const forgotten = () => told.map(({ key, name, input }) => [key, name, input.sessionId]);
	await laptop.browser.auth("sign-out");
	expect(forgotten()).toEqual([[laptop.userId, "forgetPushDevice", laptop.sessionId]]);
	const tablet = await signIn();
	expect((await phone.browser.post(postSignOutEverywhere, "/api/sign-out/everywhere")).status).toBe(200);
	expect(forgotten().slice(1).sort()).toEqual(
		[phone, tablet].map(({ userId, sessionId }) => [userId, "forgetPushDevice", sessionId]).sort(),
	);
	expect(JSON.stringify(told)).not.toContain(bob.sessionId);
});

test("[PUSH7] an inbox that is away keeps nobody signed in, and is told when it is back", async () => {
	const { signIn, told, inboxes } = await start({ tellRetryMs: 20, sessionEndWaitMs: 2_000 });
	const { browser, sessionId } = await signIn();
	inboxes.away = 2;
	expect((await browser.auth("sign-out")).status).toBe(200);
	expect((await browser.post(postPushDevice, "/api/push", { subscription })).status).toBe(401);
	await expect.poll(() => told.map(({ input }) => input.sessionId)).toEqual([sessionId]);
});
