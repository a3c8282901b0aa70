import { expect, test, vi } from "vitest";
import type { Stage, StockConnection, Way } from "./stage.ts";

/** What a stock client throws, as far as callers may rely on it. */
async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
	const error: unknown = await call.then(
		(value) => Promise.reject(new Error(`it was not refused: ${JSON.stringify(value)}`)),
		(reason: unknown) => reason,
	);
	if (!(error instanceof Error)) throw new Error(`not an error: ${String(error)}`);
	const { group, code, metadata } = error as Error & Record<string, unknown>;
	return { group, code, message: error.message, metadata };
}

const VALUES: [what: string, args: unknown[]][] = [
	["no argument", []],
	["null", [null]],
	["false, zero and an empty text", [false, 0, ""]],
	["an object of everything", [{ a: [1, { b: null }], c: "é\u0000\u2028🙂", d: 1e-7, e: -0.5 }]],
	["fields with magic names", [{ constructor: 1, toString: "x", tag: "Event", body: {} }]],
	["a big int", [2n ** 80n]],
	["big ints within", [{ deep: [1n, { negative: -7n }] }]],
	["bytes", [new Uint8Array([0, 1, 254, 255])]],
	["bytes within", [{ deep: [new Uint8Array([7]), new Uint8Array()] }]],
	[
		"texts that look like the codec's",
		[["$BigInt", "7"], ["$$BigInt", "8"], ["$Uint8Array", "AA=="], ["$"], "$BigInt"],
	],
	["300 KiB", ["x".repeat(300 * 1024)]],
	["500 KiB that is twice as long in JSON, and again in a frame's text", ['"'.repeat(500 * 1024)]],
	["1,000 arguments", Array.from({ length: 1_000 }, (_, index) => index)],
];

export function callCases(way: () => Way, stage: () => Stage): void {
	const echo = (): StockConnection => way().connect();
	const room = (user = "ada"): StockConnection => way().connect({ key: stage().openRoomId, user });

	test.each(VALUES)("a call with %s comes back as it was", async (_, args) => {
		expect(await echo().action({ name: "getHistory", args })).toEqual(args);
	});

	test("no output is undefined", async () => {
		expect(await echo().action({ name: "getHash", args: [] })).toBeUndefined();
	});

	test("an output of 900 KiB arrives", async () => {
		expect(await echo().action({ name: "changesSince", args: [900 * 1024] })).toHaveLength(900 * 1024);
	});

	test("an output of 3 MiB is refused, and only whoever asked hears of it", async () => {
		const [asks, stays] = [echo(), way().connect({ user: "bob" })];
		await stays.action({ name: "getHash", args: [] });
		const closed = vi.fn();
		stays.onClose(closed);
		expect(await refusal(asks.action({ name: "changesSince", args: [3 * 1024 * 1024] }))).toMatchObject({
			group: "message",
			code: "outgoing_too_long",
		});
		expect(await stays.action({ name: "getHistory", args: ["here"] })).toEqual(["here"]);
		expect(closed).not.toHaveBeenCalled();
	});

	test("a refusal arrives with group, code, message and metadata", async () => {
		const args = ["text_too_long", "Shorter, please.", { charsMax: 10, name: "é", isDeep: [{ a: null }] }];
		expect(await refusal(echo().action({ name: "editMessage", args }))).toEqual({
			group: "user",
			code: "text_too_long",
			message: "Shorter, please.",
			metadata: { charsMax: 10, name: "é", isDeep: [{ a: null }] },
		});
	});

	test("a refusal without metadata has none", async () => {
		const args = ["busy", "Not now."];
		const { metadata, ...rest } = await refusal(echo().action({ name: "editMessage", args }));
		expect(rest).toEqual({ group: "user", code: "busy", message: "Not now." });
		expect(metadata ?? {}).toEqual({});
	});

	test("an actor's own mistake says nothing from the inside", async () => {
		const told = await refusal(echo().action({ name: "deleteMessage", args: [] }));
		expect(told).toMatchObject({ group: "rivetkit", code: "internal_error", message: "An internal error occurred" });
		expect(JSON.stringify(told)).not.toContain("inside");
	});

	test.each(["nope", "__proto__", "constructor", "toString", "hasOwnProperty", "", "getHistory.x", "x".repeat(300)])(
		"an action that is not there is not found: %s",
		async (name) => {
			expect(await refusal(echo().action({ name, args: [] }))).toMatchObject({
				group: "actor",
				code: "action_not_found",
				message: `Action \`${name}\` was not found.`,
			});
		},
	);

	test.each([
		["init", [{ name: "x", visibility: "public", createdBy: null, members: [] }]],
		["canEnter", [{ userId: "ada" }]],
		["outboxAlarm", []],
		["pruneAlarm", []],
	])("what only our own processes call is closed to people: %s", async (name, args) => {
		const connection = room();
		expect(await refusal(connection.action({ name, args }))).toMatchObject({ group: "user", code: "forbidden" });
		expect(connection.connStatus).toBe("connected");
	});

	test.each(["attach", "detach", "forward", "listen"])("what only edges call is closed to people: %s", async (name) => {
		const connection = room();
		const refused = await refusal(connection.action({ name, args: [{}] }));
		expect(refused).toMatchObject({ group: "user", code: "forbidden", message: "You may not do that here." });
		expect(connection.connStatus).toBe("connected");
	});

	test("two arguments where one belongs are refused with their count", async () => {
		const args = [{ text: "a" }, { text: "b" }];
		expect(await refusal(room().action({ name: "sendMessage", args }))).toEqual({
			group: "user",
			code: "bad_input",
			message: "sendMessage takes one argument.",
			metadata: { arguments: 2 },
		});
	});

	test("a wrong argument is refused with the field that is wrong", async () => {
		expect(await refusal(room().action({ name: "sendMessage", args: [{ text: 5 }] }))).toMatchObject({
			group: "user",
			code: "bad_input",
			metadata: { field: "text" },
		});
	});

	test("real answers are whole", async () => {
		const ada = room();
		await ada.action({ name: "join", args: [] });
		const nonce = `conformance-${way().name}`;
		const message = await ada.action({ name: "sendMessage", args: [{ text: "hello", nonce }] });
		expect(message).toMatchObject({ kind: "message", sender: "ada", text: "hello", nonce });
		expect(await ada.action({ name: "sendMessage", args: [{ text: "hello", nonce }] })).toEqual(message);
		expect(await ada.action({ name: "getHistory", args: [] })).toMatchObject({
			messages: expect.arrayContaining([message]),
		});
	});

	test("100 calls at once have each their own answer, and a refusal fails only itself", async () => {
		const connection = echo();
		const calls = Array.from({ length: 100 }, (_, index) =>
			index % 10 === 3
				? refusal(connection.action({ name: "editMessage", args: ["busy", `${index}`] }))
				: connection.action({ name: "getHistory", args: [index] }),
		);
		const answers = await Promise.all(calls);
		for (const [index, answer] of answers.entries())
			expect(answer).toEqual(
				index % 10 === 3 ? expect.objectContaining({ code: "busy", message: `${index}` }) : [index],
			);
	});

	test("a slow call holds up nobody, and by the relay calls of one connection start in their order", async () => {
		const connection = echo();
		const labels = Array.from({ length: 20 }, (_, index) => `${way().name} ${index}`);
		const answered: string[] = [];
		await Promise.all(
			labels.map(async (label, index) => {
				await connection.action({ name: "updateRoom", args: [label, index === 0 ? 500 : 0] });
				answered.push(label);
			}),
		);
		const { started } = (await connection.action({ name: "getRoom", args: [] })) as { started: string[] };
		const own = started.filter((label) => label.startsWith(`${way().name} `));
		expect([...own].sort()).toEqual([...labels].sort());
		if (way().name === "relay") expect(own).toEqual(labels); // the engine itself lets frames overtake now and then
		expect(answered.at(-1)).toBe(labels[0]);
	});

	test("a call without a connection has the same answers and refusals", async () => {
		const handle = way().handle();
		const args = [{ big: 2n ** 70n, bytes: new Uint8Array([1, 2]) }];
		expect(await handle.action({ name: "getHistory", args })).toEqual(args);
		const refused = handle.action({ name: "editMessage", args: ["busy", "Not now.", { waitMs: 5 }] });
		expect(await refusal(refused)).toEqual({
			group: "user",
			code: "busy",
			message: "Not now.",
			metadata: { waitMs: 5 },
		});
	});
}
