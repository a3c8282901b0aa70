import type { RelayedFrame, RelayedOp } from "@bullpen/domain/relay";
import { beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../frame.ts";
import { Link } from "./link.ts";
import { RelayedConnection } from "./relayed-connection.ts";

const log = { error: () => undefined, warn: () => undefined, info: () => undefined };
let frames: { n: number; ops: RelayedOp[] }[];
let link: Link;

beforeEach(() => {
	frames = [];
	const connection: Connection = {
		id: "edge",
		state: { kind: "service", issuer: "edge", subject: "edge:one" },
		send: (_, frame) => {
			const { n, ops } = frame as RelayedFrame;
			frames.push({ n, ops: JSON.parse(ops) });
		},
		disconnect: async () => undefined,
	};
	link = new Link(connection, "edge:one", { limits: { relayFrameBytesMax: 1_000, clientFrameBytesMax: 10_000 }, log });
});

const seat = (id: string): RelayedConnection =>
	new RelayedConnection(
		id,
		{ kind: "person", userId: id, name: id, role: "member", ticketAt: 0, leaseEndsAt: 0 },
		link,
		() => undefined,
	);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("frames to an edge", () => {
	test("[RELAY11] what happens in one turn shares a frame, promises that follow from it included", async () => {
		seat("a");
		void Promise.resolve().then(() => {
			link.tell("typing", 1, new Set());
			for (let at = 0; at < 3; at++) {
				void Promise.resolve(at)
					.then((value) => value)
					.then((output) => link.push({ type: "answer", callId: at, output }));
			}
		});
		await turn();
		link.push({ type: "answer", callId: 9, output: null });
		await turn();
		expect(frames.map(({ n, ops }) => [n, ops.map(({ type }) => type)])).toEqual([
			[1, ["event", "answer", "answer", "answer"]],
			[2, ["answer"]],
		]);
	});

	test("[RELAY11] a frame is cut before it grows too large, and what is too large travels alone", async () => {
		const sizes = [400, 400, 400, 5_000, 10];
		sizes.forEach((chars, callId) => void link.push({ type: "answer", callId, output: "x".repeat(chars) }));
		await turn();
		expect(frames.map(({ n, ops }) => [n, ops.length])).toEqual([
			[1, 2],
			[2, 1],
			[3, 1],
			[4, 1],
		]);
	});

	test("[RELAY3] an answer that no frame can hold is refused to whoever asked, and nobody else notices", async () => {
		link.push({ type: "answer", callId: 1, output: "x".repeat(10_000) });
		link.push({ type: "answer", callId: 2, output: "y" });
		await turn();
		expect(frames.flatMap(({ ops }) => ops)).toEqual([
			{
				type: "error",
				callId: 1,
				error: { group: "message", code: "outgoing_too_long", message: "Outgoing message too long" },
			},
			{ type: "answer", callId: 2, output: "y" },
		]);
	});

	test("[RELAY8] an event is said once: to all, to all but few, or to few, and not when nobody would hear it", async () => {
		for (const id of ["a", "b", "c"]) seat(id);
		for (const excluded of [[], ["elsewhere"], ["a"], ["a", "b"], ["a", "b", "c"]]) {
			link.tell("typing", 1, new Set(excluded));
		}
		await turn();
		const op = { type: "event", name: "typing", args: [1] };
		expect(frames[0]?.ops).toEqual([op, op, { ...op, except: ["a"] }, { ...op, to: ["c"] }]);
	});

	test("[RELAY10] everything is sent until an edge says what it listens to, then only that", async () => {
		link.tell("typing", 0, new Set());
		seat("a");
		link.tell("typing", 1, new Set());
		link.listen(["presence"]);
		link.tell("typing", 2, new Set());
		link.tell("presence", 3, new Set());
		await turn();
		expect(frames.flatMap(({ ops }) => ops.map((op) => op.type === "event" && op.args[0]))).toEqual([1, 3]);
	});

	test("[RELAY8] a closed connection is told so once, and nothing after", async () => {
		const connection = seat("a");
		await connection.disconnect("removed");
		await connection.disconnect("again");
		connection.send("typing", 1);
		link.tell("typing", 1, new Set());
		await turn();
		expect(frames[0]?.ops).toEqual([{ type: "close", connectionId: "a", reason: "removed" }]);
	});

	test("[RELAY9] nothing is sent on a link that ended", async () => {
		seat("a").send("typing", 1);
		link.close();
		link.push({ type: "answer", callId: 1, output: null });
		link.flush();
		await turn();
		expect(frames).toEqual([]);
	});

	test("values that JSON does not carry have RivetKit's signs, and share a frame", async () => {
		for (const output of [1, 10n, 2]) link.push({ type: "answer", callId: 1, output });
		await turn();
		expect(frames.map(({ ops }) => ops)).toMatchObject([[{ output: 1 }, { output: ["$BigInt", "10"] }, { output: 2 }]]);
	});
});
