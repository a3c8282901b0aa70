import { ConnectionLost } from "@bullpen/client/refusal";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { followWork, type WorkProgress } from "./long-work.ts";

afterEach(() => void vi.unstubAllGlobals());

/** What the web answers with, cut into the pieces in which it comes. */
function answering(pieces: readonly string[], status = 200) {
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
			controller.close();
		},
	});
	vi.stubGlobal("fetch", async () => new Response(body, { status }));
	const told: WorkProgress[] = [];
	const ended = followWork("/work", {
		result: z.object({ roomId: z.string() }),
		signal: new AbortController().signal,
		onProgress: (progress) => told.push(progress),
	});
	return { told, ended };
}

test("progress is told as it comes, however the lines are cut, and the result ends it", async () => {
	const { told, ended } = answering([
		'{"progress":{"step":"messages","done":0,"of":0}}\n{"prog',
		'ress":{"step":"files","done":1,"of":4}}\n{"result":{"roomId":"r-1"}}\n',
	]);
	expect(await ended).toEqual({ roomId: "r-1" });
	expect(told).toEqual([
		{ step: "messages", done: undefined },
		{ step: "files", done: 0.25 },
	]);
});

test("a refusal is one, before it began and in the middle of it, with what it says", async () => {
	const problem = { code: "bad_input", message: "Line 3.", details: { line: 3 } };
	await expect(answering([JSON.stringify(problem)], 400).ended).rejects.toMatchObject(problem);
	await expect(answering([`${JSON.stringify({ problem })}\n`]).ended).rejects.toMatchObject(problem);
});

test("what breaks off, and what is not the web, is a lost connection", async () => {
	await expect(answering(['{"progress":{"step":"files","done":1,"of":4}}\n']).ended).rejects.toThrow(ConnectionLost);
	await expect(answering(["<html>"], 502).ended).rejects.toThrow(ConnectionLost);
	vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
	const work = { result: z.object({}), signal: new AbortController().signal, onProgress: () => undefined };
	await expect(followWork("/work", work)).rejects.toThrow(ConnectionLost);
});
