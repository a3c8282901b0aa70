import { expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import type { Stage, Way } from "./stage.ts";

const answer = (id: number, output: unknown) => ({
	tag: "ActionResponse",
	val: { id: ["$BigInt", `${id}`], output },
});

const ILL: [what: string, frame: string][] = [
	["no JSON", "hello"],
	["nothing", ""],
	["half of it", '{"body":{"tag":"ActionRequest","val":'],
	["null", "null"],
	["an array", "[]"],
	["no body", "{}"],
	["an empty body", '{"body":{}}'],
	["an unknown tag", '{"body":{"tag":"Nope","val":{}}}'],
	["a tag of the other side", '{"body":{"tag":"Event","val":{"name":"newMessage","args":[]}}}'],
	["a prototype for a tag", '{"body":{"tag":"__proto__","val":{}}}'],
	["no val", '{"body":{"tag":"ActionRequest"}}'],
	["no id", '{"body":{"tag":"ActionRequest","val":{"name":"getHash","args":[]}}}'],
	["no name", '{"body":{"tag":"ActionRequest","val":{"id":1,"args":[]}}}'],
	["no args", '{"body":{"tag":"ActionRequest","val":{"id":1,"name":"getHash"}}}'],
	["a text for an id", '{"body":{"tag":"ActionRequest","val":{"id":"1","name":"getHash","args":[]}}}'],
	["a negative id", '{"body":{"tag":"ActionRequest","val":{"id":-1,"name":"getHash","args":[]}}}'],
	["a negative big id", '{"body":{"tag":"ActionRequest","val":{"id":["$BigInt","-1"],"name":"getHash","args":[]}}}'],
	["a fraction for an id", '{"body":{"tag":"ActionRequest","val":{"id":1.5,"name":"getHash","args":[]}}}'],
	["null for an id", '{"body":{"tag":"ActionRequest","val":{"id":null,"name":"getHash","args":[]}}}'],
	[
		"an id beyond 64 bits",
		'{"body":{"tag":"ActionRequest","val":{"id":["$BigInt","18446744073709551616"],"name":"getHash","args":[]}}}',
	],
	["a word in a big id", '{"body":{"tag":"ActionRequest","val":{"id":["$BigInt","x"],"name":"getHash","args":[]}}}'],
	["a number for a name", '{"body":{"tag":"ActionRequest","val":{"id":1,"name":5,"args":[]}}}'],
	["no event name", '{"body":{"tag":"SubscriptionRequest","val":{"subscribe":true}}}'],
	["a word for subscribe", '{"body":{"tag":"SubscriptionRequest","val":{"eventName":"newMessage","subscribe":"yes"}}}'],
];

export function frameCases(way: () => Way, stage: () => Stage): void {
	const open = async (): Promise<RawClient> => {
		const raw = way().raw();
		await raw.init();
		return raw;
	};

	test.each(ILL)("a frame with %s closes the connection that sent it", async (_, frame) => {
		const raw = await open();
		raw.text(frame);
		expect(await raw.closed).toEqual({ code: 1011, reason: "actor.invalid_request" });
		expect(raw.heard.slice(1)).toEqual([]);
	});

	test("an ill frame in binary does the same", async () => {
		const raw = await open();
		raw.socket.send(Buffer.from([0, 1, 2, 3]));
		expect(await raw.closed).toEqual({ code: 1011, reason: "actor.invalid_request" });
	});

	test("half a character is no JSON", async () => {
		const raw = await open();
		raw.text('{"body":{"tag":"ActionRequest","val":{"id":1,"name":"getHistory","args":["\\ud800"]}}}');
		expect(await raw.closed).toEqual({ code: 1011, reason: "actor.invalid_request" });
	});

	test("ids come back as big ints, however they were written", async () => {
		const raw = await open();
		raw.call(0, "getHash");
		raw.call(2, "getHistory");
		raw.call(["$BigInt", "3"], "getHistory");
		raw.call(["$BigInt", "18446744073709551615"], "getHistory");
		expect([await raw.next(), await raw.next(), await raw.next(), await raw.next()].map(({ val }) => val.id)).toEqual(
			expect.arrayContaining([
				["$BigInt", "0"],
				["$BigInt", "2"],
				["$BigInt", "3"],
				["$BigInt", "18446744073709551615"],
			]),
		);
	});

	test("an id used twice is answered twice", async () => {
		const raw = await open();
		raw.call(7, "getHistory", "a");
		raw.call(7, "getHistory", "b");
		const answers = [await raw.next(), await raw.next()];
		expect(answers).toEqual(expect.arrayContaining([answer(7, ["a"]), answer(7, ["b"])]));
	});

	test("fields nobody knows are passed over", async () => {
		const raw = await open();
		raw.text(
			'{"more":1,"body":{"extra":[],"tag":"ActionRequest","val":{"id":1,"name":"getHistory","args":["a"],"connectionId":"x"}}}',
		);
		expect(await raw.next()).toEqual(answer(1, ["a"]));
	});

	test("the same JSON in a binary frame, in pieces and with spaces is the same", async () => {
		const raw = await open();
		const frame = '{ "body": { "tag": "ActionRequest", "val": { "id": 1, "name": "getHistory", "args": ["é"] } } }\n';
		raw.socket.send(Buffer.from(frame), { binary: true });
		expect(await raw.next()).toEqual(answer(1, ["é"]));
		raw.socket.send(frame.slice(0, 20), { fin: false });
		raw.socket.send(frame.slice(20), { fin: true });
		expect(await raw.next()).toEqual(answer(1, ["é"]));
	});

	test("values of the codec pass as they are", async () => {
		const raw = await open();
		const args = [["$BigInt", "7"], ["$Uint8Array", "AAE="], ["$$BigInt", "7"], { a: [["$BigInt", "-9"]] }];
		raw.call(1, "getHistory", ...args);
		expect(await raw.next()).toEqual(answer(1, args));
	});

	test("a refusal's frame names the call, the actor and the reason", async () => {
		const raw = await open();
		raw.call(4, "editMessage", "text_empty", "Say something.", { least: 1 });
		expect(await raw.next()).toEqual({
			tag: "Error",
			val: {
				actionId: ["$BigInt", "4"],
				actor: { actorId: expect.any(String), generation: expect.any(Number), key: "echo" },
				group: "user",
				code: "text_empty",
				message: "Say something.",
				metadata: { least: 1 },
			},
		});
		raw.call(5, "nope");
		expect(await raw.next()).toMatchObject({
			tag: "Error",
			val: { actionId: ["$BigInt", "5"], group: "actor", code: "action_not_found" },
		});
	});

	// Straight to an actor a little more than 1 MiB is let in: an edge wraps what people send.
	test("a frame of 2 MiB closes the connection that sent it", async () => {
		const raw = await open();
		raw.call(1, "getHistory", "x".repeat(2 * 1024 * 1024));
		expect(await raw.closed).toEqual({ code: 1011, reason: "message.incoming_too_long" });
	});

	test("a ping is answered with what it carried", async () => {
		const raw = await open();
		const pong = new Promise((resolve) => raw.socket.once("pong", (data) => resolve(String(data))));
		raw.socket.ping("are you there");
		expect(await pong).toBe("are you there");
	});

	test("one call in flight and then a close: the others of the room hear nothing of it", async () => {
		const [goes, stays] = [await open(), await open()];
		goes.call(1, "updateRoom", "cut", 300);
		await goes.close();
		expect(await stays.settle()).toEqual([]);
	});

	test.each(["bare", "cbor"] as const)(
		"encoding %s is understood or refused by name, never guessed at",
		async (encoding) => {
			if (way().isDirect) {
				expect(
					await way()
						.handle({}, {}, encoding)
						.connect()
						.action({ name: "getHistory", args: ["a"] }),
				).toEqual(["a"]);
				return;
			}
			const refused = await way().raw({}, encoding).handshake;
			expect(refused?.status).toBe(400);
			expect(JSON.parse(refused?.body ?? "")).toMatchObject({
				code: "bad_input",
				details: { option: "encoding", expected: "json" },
			});
			expect(refused?.body).toContain("encoding");
		},
	);

	test("an error frame of a room names that room", async () => {
		const raw = way().raw({ key: stage().openRoomId });
		await raw.init();
		raw.call(1, "sendMessage", { text: "" });
		expect((await raw.next()).val).toMatchObject({
			group: "user",
			code: expect.stringMatching(/^(?:text_empty|not_member)$/),
			actor: { key: stage().openRoomId },
		});
	});
}
