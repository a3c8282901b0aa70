import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type FakeDevice, type FakePushService, startFakePushService, vapidClaims } from "./fake-push-service.ts";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
let fake: FakePushService;

const ada = { id: "ada" };
const bob = { id: "bob" };
const WAIT = { timeout: 10_000, interval: 20 };
const GAP_MS = 300;
const PATIENCE_MS = 2_500;
/** What a push service that hangs costs, if anybody waits for it. */
const ANSWER_MS = 25_000;

beforeAll(async () => {
	[house, fake] = await Promise.all([openHouse(), startFakePushService()]);
	await house.startActors("rooms", {
		env: { BULLPEN_TEST_PUSH_SERVICES: "1", BULLPEN_PUBLIC_URL: "https://chat.example.org" },
		limits: {
			...{
				...NO_RATES,
				inboxNoteHereMs: 20,
				inboxNoteGapMs: 50,
				inboxNoteAwayMs: 50,
				pushTestEveryMs: 1,
				pushRetryMs: 20,
			},
			...{ pushGapMs: GAP_MS, pushPatienceMs: PATIENCE_MS, pushDevicesMax: 3, pushAnswerMs: ANSWER_MS },
		},
	});
	town = new Town(house);
	await town.register({ id: "ada" }, { id: "bob" }, { id: "cyn" });
});
afterEach(async () => {
	await town.leave();
	fake.answers((response) => response.writeHead(201).end());
	for (const session of ["phone", "laptop", "tablet", "fourth"]) await forget(bob, session);
});
afterAll(() => Promise.all([house?.stop(), fake?.stop()]));

const web = (who: Who) => {
	const params = house.service("userInbox", who.id, "web", "web");
	return town.client.userInbox.get([who.id], { params });
};
/** What the web does when a browser says how it is reached, and when its sign-in ends. */
async function enable(who: Who, sessionId: string, showsText?: boolean): Promise<FakeDevice & { id: string }> {
	const device = fake.device();
	const choice = showsText === undefined ? {} : { showsText };
	const kept = await web(who).putPushDevice({ sessionId, subscription: device.subscription, ...choice });
	return Object.assign(device, { id: kept.deviceId });
}
const forget = (who: Who, sessionId: string) => web(who).forgetPushDevice({ sessionId });
const hears = (device: FakeDevice, ...bodies: string[]) =>
	vi.waitFor(() => expect(device.messages.map(({ body }) => body)).toEqual(bodies), WAIT);

/** A room with both in it, and ada's connection to it. */
async function roomOfTwo(name: string) {
	const roomId = await town.open(ada, name);
	await town.as("chatRoom", roomId, bob).join();
	const { connection } = await town.sit(roomId, ada);
	await vi.waitFor(async () => {
		const { rows } = await town.as("userInbox", "bob", bob).getInbox();
		expect(rows.some(({ id }) => id === roomId)).toBe(true);
	}, WAIT);
	return { roomId, connection };
}

/** Bob has seen it, and his inbox knows of nothing newer. */
const readUpTo = (roomId: string, seq: number) =>
	vi.waitFor(async () => {
		const inbox = town.as("userInbox", "bob", bob);
		await inbox.markRead({ roomId, seq });
		const { rows } = await inbox.getInbox();
		expect(rows.find(({ id }) => id === roomId)).toMatchObject({ unread: 0, headSeq: seq });
	}, WAIT);

describe("telling the devices of somebody who is away", () => {
	test("[PUSH4] [PUSH5] each hears who, where and what, or as little as its person chose, and nothing they did not ask for", async () => {
		const { roomId, connection } = await roomOfTwo("away");
		const phone = await enable(bob, "phone");
		const tablet = await enable(bob, "tablet", false);
		await connection.sendMessage({ text: "nothing special" });
		const { id: seq } = await connection.sendMessage({ text: "look, <@bob>: it works" });
		await hears(phone, "look, @bob: it works");
		await hears(tablet, "Mentioned you.");
		expect(phone.messages[0]).toMatchObject({
			...{ title: "ada in #away", tag: `/r/${roomId}`, path: `/r/${roomId}?m=${seq}`, seq },
		});
		expect(vapidClaims(phone.received[0]!)).toMatchObject({ aud: fake.origin, sub: "https://chat.example.org" });
		expect(phone.received[0]?.headers).toMatchObject({ urgency: "high" });
		expect(phone.received[0]?.headers.topic).not.toBe(tablet.received[0]?.headers.topic);
		await town.as("userInbox", "bob", bob).setMute({ roomId, minutes: 60 });
		const muted = await connection.sendMessage({ text: "muted, <@bob>" });
		await vi.waitFor(async () => {
			const { rows } = await town.as("userInbox", "bob", bob).getInbox();
			expect(rows.find(({ id }) => id === roomId)).toMatchObject({ headSeq: muted.id });
		}, WAIT);
		await town.as("userInbox", "bob", bob).setMute({ roomId, minutes: null });
		const { roomId: direct } = await town.as("directory", "main", ada).openDirect({ userIds: ["bob"] });
		await town.as("chatRoom", direct, ada).sendMessage({ text: "only you" });
		await hears(phone, "look, @bob: it works", "only you");
		expect(phone.messages[1]).toMatchObject({ title: "ada", tag: `/r/${direct}` });
	});

	test("[PUSH2] one that is looked at hears nothing, the others wait and hear what was not read until then", async () => {
		const { roomId, connection } = await roomOfTwo("busy");
		const [laptop, phone] = [await enable(bob, "laptop"), await enable(bob, "phone")];
		const page = town.connect("userInbox", "bob", bob);
		await page.noteUse({ isInUse: true, deviceId: laptop.id });
		const read = await connection.sendMessage({ text: "<@bob> one" });
		await readUpTo(roomId, read.id);
		const saidAt = Date.now();
		await connection.sendMessage({ text: "<@bob> two" });
		await hears(phone, "<@bob> two".replace("<@bob>", "@bob"));
		expect(Date.now() - saidAt).toBeGreaterThanOrEqual(PATIENCE_MS);
		await page.noteUse({ isInUse: false, deviceId: laptop.id });
		await connection.sendMessage({ text: "<@bob> three" });
		await hears(laptop, "@bob three");
		await page.noteUse({ isInUse: true, deviceId: laptop.id });
		await page.dispose();
		let last = read;
		await vi.waitFor(async () => {
			last = await connection.sendMessage({ text: "<@bob> gone" });
			expect(laptop.messages.at(-1)?.body).toBe("@bob gone");
		}, WAIT);
		// What still waits for the phone is settled: it would be told to the next one.
		await readUpTo(roomId, last.id);
	});

	test("[PUSH5] of what happens in one place in a moment the newest that calls is told", async () => {
		const { connection } = await roomOfTwo("crowd");
		const phone = await enable(bob, "phone");
		const began = performance.now();
		await connection.sendMessage({ text: "<@bob> 0" });
		await hears(phone, "@bob 0");
		for (let index = 1; index <= 12; index++) await connection.sendMessage({ text: `<@bob> ${index}` });
		await vi.waitFor(() => expect(phone.messages.at(-1)?.body).toBe("@bob 12"), WAIT);
		expect(phone.messages.length).toBeLessThanOrEqual(1 + (performance.now() - began) / GAP_MS);
	});

	test("[PUSH3] agents' questions and ends are told to those concerned", async () => {
		const phone = await enable(bob, "phone");
		const note = {
			...{ userId: "bob", workspaceId: "w-1", name: "Fix the build", agent: "demo", lastAt: 1, isMember: true },
		};
		const workspace = () => town.asService("userInbox", "bob", "workspace:w-1");
		await workspace().noteWorkspace({ ...note, state: "running", needsYou: false, version: 1 });
		await workspace().noteWorkspace({ ...note, state: "waiting_permission", needsYou: true, version: 2 });
		await hears(phone, "The agent needs an answer.");
		await workspace().noteWorkspace({ ...note, state: "idle", needsYou: false, version: 3 });
		await hears(phone, "The agent needs an answer.", "The agent is done.");
		expect(phone.messages[1]).toMatchObject({ title: "Fix the build", path: "/w/w-1", tag: "/w/w-1" });
	});

	test("[PUSH7] a device is its sign-in's: it goes with it, with its account, and when its push service says so", async () => {
		const { connection } = await roomOfTwo("gone");
		const [phone, laptop] = [await enable(bob, "phone"), await enable(bob, "laptop")];
		await forget(bob, "phone");
		await connection.sendMessage({ text: "<@bob> one" });
		await hears(laptop, "@bob one");
		const again = await enable(bob, "laptop");
		fake.answers((response) => response.writeHead(410).end());
		const inbox = town.as("userInbox", "bob", bob);
		expect(await inbox.testPush({ deviceId: again.id })).toEqual({ outcome: "gone" });
		expect((await refused(inbox.testPush({ deviceId: again.id }))).code).toBe("not_found");
		fake.answers((response) => response.writeHead(201).end());
		const many: Awaited<ReturnType<typeof enable>>[] = [];
		for (const session of ["phone", "laptop", "tablet", "fourth"]) many.push(await enable(bob, session));
		expect((await refused(inbox.testPush({ deviceId: many[0]!.id }))).code).toBe("not_found");
		expect(await inbox.testPush({ deviceId: many[3]!.id })).toEqual({ outcome: "delivered" });
		expect(many[3]!.messages).toMatchObject([{ isTest: true }]);
		const directory = town.asService("userInbox", "bob", "directory:main");
		await directory.barPerson({ userId: "bob", at: 1 });
		await vi.waitFor(async () => {
			expect((await refused(inbox.testPush({ deviceId: many[3]!.id }))).code).toBe("not_found");
		}, WAIT);
		expect([phone.received, laptop.received.length]).toEqual([[], 1]);
	});

	test("[PUSH7] nobody else learns of a device, or sends to it", async () => {
		const phone = await enable(bob, "phone");
		const { endpoint } = phone.subscription;
		const seen = JSON.stringify([
			await town.as("userInbox", "bob", bob).getInbox(),
			await town.as("userInbox", "bob", bob).changesSince({ version: 0 }),
			await town.as("directory", "main", ada).list(),
		]);
		for (const secret of [endpoint, phone.subscription.keys.auth, phone.id]) expect(seen).not.toContain(secret);
		const others = town.as("userInbox", "bob", ada);
		expect((await refused(others.testPush({ deviceId: phone.id }))).code).toBe("not_found");
		expect((await refused(others.noteUse({ isInUse: true, deviceId: phone.id }))).code).toBe("not_found");
		const input = { sessionId: "s", subscription: phone.subscription };
		expect((await refused(town.as("userInbox", "bob", bob).putPushDevice(input))).code).toBe("forbidden");
		for (const wrong of ["https://127.0.0.1/x", "https://push.example.org:22/x", "http://10.0.0.1:80/x"]) {
			const put = web(bob).putPushDevice({ ...input, subscription: { ...phone.subscription, endpoint: wrong } });
			expect([wrong, (await refused(put)).code]).toEqual([wrong, "bad_input"]);
		}
	});

	test("[PUSH8] a push service that hangs keeps nobody waiting", async () => {
		const { connection } = await roomOfTwo("slow");
		const phone = await enable(bob, "phone");
		fake.answers(() => undefined);
		await connection.sendMessage({ text: "<@bob> one" });
		await vi.waitFor(() => expect(phone.received).toHaveLength(1), WAIT);
		const began = performance.now();
		for (let index = 0; index < 5; index++) await connection.sendMessage({ text: `<@bob> ${index}` });
		await town.as("userInbox", "bob", bob).getInbox();
		expect(performance.now() - began).toBeLessThan(ANSWER_MS / 2);
	});
});
