import { Problem } from "@bullpen/domain/problem";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FileHints } from "./file-hints.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the server is asked once a moment after the last letter, and what is known narrows meanwhile", async () => {
	const asked: string[] = [];
	const hints = new FileHints(async (query) => {
		asked.push(query);
		return { paths: ["src/main.ts", "src/mail.ts"], isPartial: false };
	});
	const told = vi.fn();
	hints.subscribe(told);
	for (const query of ["", "m", "ma"]) expect(hints.pathsFor(query)).toEqual([]);
	await vi.advanceTimersByTimeAsync(200);
	expect(asked).toEqual(["ma"]);
	expect(told).toHaveBeenCalledOnce();
	expect(hints.pathsFor("mai")).toEqual(["src/mail.ts", "src/main.ts"]);
	expect(hints.pathsFor("mail")).toEqual(["src/mail.ts"]);
	await vi.advanceTimersByTimeAsync(200);
	expect(asked).toEqual(["ma", "mail"]);
});

test("a sandbox that starts is asked again until it is there; what is not wanted any more is not", async () => {
	let isReady = false;
	const asked: string[] = [];
	const hints = new FileHints(async (query) => {
		asked.push(query);
		if (!isReady) throw new Problem("busy", "The sandbox is being started.", { waitMs: 500 });
		return { paths: ["a.ts"], isPartial: false };
	});
	hints.pathsFor("a");
	await vi.advanceTimersByTimeAsync(1_200);
	expect(asked).toEqual(["a", "a", "a"]);
	isReady = true;
	await vi.advanceTimersByTimeAsync(500);
	expect(hints.pathsFor("a")).toEqual(["a.ts"]);
	isReady = false;
	hints.pathsFor("b");
	await vi.advanceTimersByTimeAsync(150);
	hints.pathsFor("c");
	await vi.advanceTimersByTimeAsync(2_000);
	expect(asked.filter((query) => query === "b")).toHaveLength(1);
});

test("a refusal ends the asking", async () => {
	const find = vi.fn().mockRejectedValue(new Problem("forbidden", "No."));
	const hints = new FileHints(find);
	hints.pathsFor("a");
	await vi.advanceTimersByTimeAsync(60_000);
	expect(find).toHaveBeenCalledOnce();
});
