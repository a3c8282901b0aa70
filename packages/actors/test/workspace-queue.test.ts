import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import type { Watcher } from "./workspace-client.ts";
import { asked, ended, eventually, refusal, turnsOf, WorkspaceTown } from "./workspace-town.ts";

const LIMITS = { ...NO_RATES, workspaceAlarmMs: 2_000, promptQueueMax: 60 };

let town: WorkspaceTown;

beforeAll(async () => {
	town = await WorkspaceTown.open(LIMITS);
});
afterEach(() => town.visitors.leave());
afterAll(() => town?.close());

/** A turn that runs until it is stopped, so that everything after it waits. */
const block = async (watcher: Watcher): Promise<void> => {
	await watcher.connection.prompt({ text: "wait" });
	await eventually(() => expect(watcher.view.runningTurn).not.toBeNull());
};
const line = async (watcher: Watcher, ...texts: string[]): Promise<string[]> => {
	const ids: string[] = [];
	for (const text of texts) ids.push((await watcher.connection.prompt({ text })).promptId);
	return ids;
};
const queued = (watcher: Watcher): string[] => watcher.view.queue.map(({ text }) => text);
const said = (watcher: Watcher): string[] => watcher.texts.filter((text) => /^[a-z]$/.test(text));

describe("a waiting prompt", () => {
	test("[QUE1] is its author's and the owner's, and everybody sees whose it is", async () => {
		const [, ada, bob, eve] = await town.found("ada", "bob", "eve");
		await block(ada);
		const [promptId] = (await line(bob, "say b")) as [string];
		for (const act of [
			() => eve.connection.editPrompt({ promptId, text: "say e" }),
			() => eve.connection.movePrompt({ promptId, after: null }),
			() => eve.connection.sendNow({ promptId }),
			() => eve.connection.removePrompt({ promptId }),
		]) {
			expect(await refusal(act())).toMatchObject({ code: "forbidden" });
		}
		await bob.connection.editPrompt({ promptId, text: "say c" });
		await ada.connection.editPrompt({ promptId, text: "say d" });
		await eventually(() =>
			expect(eve.view.queue).toMatchObject([{ text: "say d", userId: "bob", edited: { by: "ada" } }]),
		);
		const [later] = (await line(bob, "say later")) as [string];
		await ada.connection.editPrompt({ promptId: later, text: "say sooner" });
		await ada.connection.removePrompt({ promptId });
		await eventually(() => expect(queued(eve)).toEqual(["say sooner"]));
		expect(await refusal(bob.connection.editPrompt({ promptId, text: "say e" }))).toMatchObject({
			code: "not_found",
			metadata: { status: "removed" },
		});
		await ada.connection.cancelTurn();
		await ended(eve, 2);
		const prompts = eve.view.items.filter(({ body }) => body.type === "user");
		expect(prompts.at(-1)?.body).toMatchObject({ userId: "bob", editedBy: "ada", text: "say sooner" });
	});

	test("[QUE3] its edit counts or its beginning does: no turn runs other words than its prompt shows", async () => {
		const [, ada, bob] = await town.found("ada", "bob");
		await block(ada);
		const ids = await line(bob, ...Array.from({ length: 20 }, (_, index) => `say old ${index}`));
		const edits = ids.map((promptId, index) =>
			bob.connection.editPrompt({ promptId, text: `say new ${index}` }).then(
				() => "edited",
				({ code }: { code: string }) => code,
			),
		);
		await ada.connection.cancelTurn();
		const outcomes = await Promise.all(edits);
		await ended(ada, 21);
		const words = ada.texts.filter((text) => /^(old|new) /.test(text));
		expect(words).toEqual(outcomes.map((outcome, index) => `${outcome === "edited" ? "new" : "old"} ${index}`));
		expect(outcomes.every((outcome) => outcome === "edited" || outcome === "not_found")).toBe(true);
	}, 30_000);

	test("an edit is bound by the same limits as a prompt", async () => {
		const [, ada] = await town.found("ada");
		await block(ada);
		const [promptId] = (await line(ada, "say a")) as [string];
		for (const [text, code] of [
			[" ", "text_empty"],
			["x".repeat(100_001), "text_too_long"],
		] as const) {
			expect(await refusal(ada.connection.editPrompt({ promptId, text }))).toMatchObject({ code });
		}
		await line(ada, ...Array(5).fill("y".repeat(99_000)));
		expect(await refusal(ada.connection.editPrompt({ promptId, text: "z".repeat(99_000) }))).toMatchObject({
			code: "queue_full",
		});
		expect(queued(ada)[0]).toBe("say a");
	});
});

describe("the order", () => {
	test("[QUE2] is what people make it, and what runs", async () => {
		const [id, ada] = await town.found("ada");
		await block(ada);
		const [a, b, c, d] = (await line(ada, "say a", "say b", "say c", "say d")) as [string, string, string, string];
		await ada.connection.movePrompt({ promptId: d, after: null });
		await ada.connection.movePrompt({ promptId: a, after: c });
		await ada.connection.movePrompt({ promptId: b, after: c });
		expect(await refusal(ada.connection.movePrompt({ promptId: b, after: "p-none" }))).toMatchObject({
			code: "not_found",
		});
		await line(ada, "say e");
		const order = ["say d", "say c", "say b", "say a", "say e"];
		await eventually(() => expect(queued(ada)).toEqual(order));
		const fresh = await town.visitors.watch(id, "bob");
		expect(queued(fresh)).toEqual(order);
		await ada.connection.cancelTurn();
		await ended(ada, 6);
		expect(said(ada)).toEqual(["d", "c", "b", "a", "e"]);
	});

	test("[QUE2] many who move and add at once: everybody sees one order, and it is the one that runs", async () => {
		const [id, ada, bob] = await town.found("ada", "bob");
		await block(ada);
		const ids = await line(ada, ..."abcdefghij".split("").map((letter) => `say ${letter}`));
		let seed = 7;
		const chance = (below: number): number => {
			seed = (seed * 16_807) % 2_147_483_647;
			return seed % below;
		};
		const moves = Array.from({ length: 150 }, () => {
			const after = chance(11);
			const input = { promptId: ids[chance(10)]!, after: after === 10 ? null : ids[after]! };
			return ada.connection.movePrompt(input);
		});
		const adds = line(bob, ..."klmno".split("").map((letter) => `say ${letter}`));
		await Promise.all([...moves, adds]);
		const fresh = await town.visitors.watch(id, "eve");
		const order = queued(fresh);
		expect([...order].sort()).toEqual("abcdefghijklmno".split("").map((letter) => `say ${letter}`));
		for (const watcher of [ada, bob]) await eventually(() => expect(queued(watcher)).toEqual(order));
		await ada.connection.cancelTurn();
		await ended(ada, 16);
		expect(said(ada).map((letter) => `say ${letter}`)).toEqual(order);
	}, 30_000);
});

describe("sent now", () => {
	test("[QUE4] the running turn ends in the sender's name, its question first, and the prompt is next", async () => {
		const [, ada, bob] = await town.found("ada", "bob");
		await ada.connection.prompt({ text: "say a\nask" });
		await asked(ada);
		const [, c] = (await line(bob, "say b", "say c")) as [string, string];
		await bob.connection.sendNow({ promptId: c });
		await bob.connection.sendNow({ promptId: c }).catch(() => undefined); // it may have begun
		await ended(ada, 3);
		expect(said(ada)).toEqual(["a", "c", "b"]);
		expect(turnsOf(ada).map(({ status }) => status)).toEqual(["cancelled", "completed", "completed"]);
		expect(turnsOf(ada)[0]).toMatchObject({ cancelledBy: "bob" });
		expect(ada.view.permissions).toMatchObject([{ status: "cancelled" }]);
		expect(await refusal(bob.connection.sendNow({ promptId: c }))).toMatchObject({ code: "not_found" });
	});

	test("[QUE4] many at once: each runs once, and none is lost", async () => {
		const [, ada] = await town.found("ada");
		await block(ada);
		const ids = await line(ada, ..."abcdef".split("").map((letter) => `say ${letter}`));
		await Promise.all(ids.map((promptId) => ada.connection.sendNow({ promptId }).catch(() => undefined)));
		await ended(ada, 7);
		expect(
			new Set(
				turnsOf(ada)
					.slice(1)
					.map(({ promptId }) => promptId),
			),
		).toEqual(new Set(ids));
		expect(turnsOf(ada)[0]).toMatchObject({ status: "cancelled", cancelledBy: "ada" });
		expect(turnsOf(ada).every(({ status }) => status === "completed" || status === "cancelled")).toBe(true);
	});
});

describe("a paused queue", () => {
	test("[QUE5] lets what runs go on and begins nothing, whatever dies, until somebody resumes it", async () => {
		const [id, ada, bob] = await town.found("ada", "bob");
		await block(ada);
		await line(ada, "say a");
		await bob.connection.pauseQueue();
		await ada.connection.pauseQueue();
		await eventually(() => expect(ada.view.session?.paused).toMatchObject({ by: "bob" }));
		expect(ada.view.runningTurn).not.toBeNull();
		await ada.connection.cancelTurn();
		await ended(ada, 1);
		const [b] = (await line(ada, "say b")) as [string];
		await town.visitors.leave();
		await town.crash();
		const after = await town.visitors.watch(id, "ada");
		expect(after.view.session?.paused).toMatchObject({ by: "bob" });
		expect(queued(after)).toEqual(["say a", "say b"]);
		await after.connection.sendNow({ promptId: b });
		await ended(after, 2);
		expect(said(after)).toEqual(["b"]);
		expect(queued(after)).toEqual(["say a"]);
		await after.connection.resumeQueue();
		await ended(after, 3);
		expect(said(after)).toEqual(["b", "a"]);
		expect(after.view.session).not.toHaveProperty("paused");
		const { entries } = await after.connection.getAudit();
		expect(entries.map(({ act }) => act)).toEqual([
			{ type: "queue-resumed", by: "ada" },
			{ type: "queue-paused", by: "bob" },
		]);
	}, 60_000);

	test("[QUE5] once a pause is acknowledged nothing begins", async () => {
		const [, ada] = await town.found("ada");
		for (let round = 0; round < 10; round++) {
			const prompts = [ada.connection.prompt({ text: "say a" }), ada.connection.prompt({ text: "say b" })];
			await ada.connection.pauseQueue();
			const { rows } = await ada.connection.getTranscript();
			const running = rows.filter((row) => row.kind === "turn").length;
			await Promise.all(prompts);
			await eventually(() => expect(ada.view.runningTurn).toBeNull());
			const later = await ada.connection.getTranscript();
			expect(later.rows.filter((row) => row.kind === "turn")).toHaveLength(running);
			await ada.connection.resumeQueue();
			await ended(ada, (round + 1) * 2);
		}
	}, 30_000);
});
