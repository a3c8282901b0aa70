import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { RoomAnswers } from "./room-answers.ts";

/** A room whose people are in `inside`, and which answers when it is let. */
function openRoom(limits: Partial<typeof LIMITS> | object = {}) {
	const inside = new Set<string>();
	const here = new Set<string>();
	const waiting: (() => void)[] = [];
	const asked: string[] = [];
	const clock = { now: 1_000 };
	const failures: unknown[] = [];
	const answers = new RoomAnswers({
		limits: { ...LIMITS, ...limits },
		now: () => clock.now,
		ask: async (userId) => {
			asked.push(userId);
			const isJoined = inside.has(userId);
			await new Promise<void>((resolve) => waiting.push(resolve));
			return isJoined;
		},
		isHere: (userId) => here.has(userId),
		onFailure: (error) => failures.push(error),
	});
	const answer = (): void => {
		for (const resolve of waiting.splice(0)) resolve();
	};
	const ask = (userId: string): Promise<boolean> => {
		const said = answers.ask(userId);
		answer();
		return said;
	};
	return { answers, inside, here, asked, clock, failures, answer, ask };
}

describe("what a room said", () => {
	test("[WS14] a yes lets acts go by for a while, and is over with the lease; a no takes it back at once", async () => {
		const room = openRoom();
		expect(room.answers.isIn("bob")).toBe(false);
		room.inside.add("bob");
		expect(await room.ask("bob")).toBe(true);
		expect([room.answers.isIn("bob"), room.answers.isFresh("bob")]).toEqual([true, true]);
		room.clock.now += LIMITS.roomAskEveryMs;
		expect([room.answers.isIn("bob"), room.answers.isFresh("bob")]).toEqual([true, false]);
		room.clock.now += LIMITS.leaseMs - LIMITS.roomAskEveryMs;
		expect(room.answers.isIn("bob")).toBe(false);
		expect(await room.ask("bob")).toBe(true);
		room.inside.delete("bob");
		expect(await room.ask("bob")).toBe(false);
		expect([room.answers.isIn("bob"), room.answers.isFresh("bob")]).toEqual([false, false]);
	});

	test("[WS14] however many ask, two questions are enough, and nobody is answered from before they asked", async () => {
		const room = openRoom();
		room.inside.add("bob");
		const first = room.answers.ask("bob");
		room.inside.delete("bob");
		const later = Array.from({ length: 50 }, () => room.answers.ask("bob"));
		expect(room.asked).toHaveLength(1);
		room.answer();
		expect(await first).toBe(true);
		await expect.poll(() => room.asked.length).toBe(2);
		room.answer();
		expect(new Set(await Promise.all(later))).toEqual(new Set([false]));
		expect(room.asked).toHaveLength(2);
	});

	test("[WS14] a room that does not answer is busy, and what it said before stands for its time", async () => {
		const room = openRoom({ roomAskMs: 20 });
		room.inside.add("bob");
		await room.ask("bob");
		await expect(room.answers.ask("bob")).rejects.toMatchObject({ code: "busy", details: { waitMs: 1_000 } });
		expect(room.failures).toHaveLength(1);
		expect(room.answers.isIn("bob")).toBe(true);
		await expect(room.answers.ask("eve")).rejects.toBeInstanceOf(Problem);
		expect(room.answers.isIn("eve")).toBe(false);
	});

	test("[WS14] what is kept is bounded: people who are connected first; so are questions under way", async () => {
		const room = openRoom({ roomAnswersKept: 2, roomAsksAtOnce: 1 });
		for (const userId of ["ada", "bob", "cyn"]) {
			room.inside.add(userId);
			if (userId === "ada") room.here.add(userId);
			await room.ask(userId);
		}
		expect(["ada", "bob", "cyn"].map((userId) => room.answers.isIn(userId))).toEqual([true, false, true]);
		const slow = room.answers.ask("ada");
		await expect(room.answers.ask("dan")).rejects.toMatchObject({ code: "busy" });
		room.answer();
		expect(await slow).toBe(true);
	});
});
