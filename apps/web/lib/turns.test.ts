import { expect, test } from "vitest";
import { FairTurns } from "./turns.ts";

test("one thing is done at a time, and whoever brings much waits for it alone", async () => {
	const turns = new FairTurns();
	const done: string[] = [];
	let running = 0;
	const work = (name: string) => async (): Promise<string> => {
		running += 1;
		expect(running).toBe(1);
		await Promise.resolve();
		running -= 1;
		done.push(name);
		if (name === "a2") throw new Error("broken");
		return name;
	};
	const all = ["a1", "a2", "a3", "a4", "b1", "c1", "b2"].map((name) => turns.take(name.slice(0, 1), work(name)));
	const ended = await Promise.allSettled(all);
	expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", ...Array(5).fill("fulfilled")]);
	expect(done.indexOf("b1")).toBeLessThan(done.indexOf("a2"));
	expect(done.indexOf("c1")).toBeLessThan(done.indexOf("a2"));
	expect(done.indexOf("b2")).toBeLessThan(done.indexOf("a3"));
	expect(done.filter((name) => name.startsWith("a"))).toEqual(["a1", "a2", "a3", "a4"]);
});
