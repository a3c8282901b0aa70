import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import type { Watcher } from "./workspace-client.ts";
import { asked, ended, eventually, refusal, turnsOf, WorkspaceTown } from "./workspace-town.ts";

const LIMITS = { ...NO_RATES, workspaceAlarmMs: 2_000, approvalMs: 6_000, permissionRulesMax: 3 };

let town: WorkspaceTown;

beforeAll(async () => {
	town = await WorkspaceTown.open(LIMITS);
});
afterEach(() => town.visitors.leave());
afterAll(() => town?.close());

const acts = async (watcher: Watcher): Promise<unknown[]> => {
	const { entries } = await watcher.connection.getAudit();
	return entries.map(({ act }) => act).reverse();
};
const type = (act: unknown): string => (act as { type: string }).type;
/** The agent asks, and somebody answers. */
const answerNext = async (
	watcher: Watcher,
	text: string,
	answer: { optionId: string; remember?: "same" | "kind" },
): Promise<void> => {
	await watcher.connection.prompt({ text });
	const { id: requestId } = await asked(watcher);
	await watcher.connection.answerPermission({ requestId, ...answer });
	await eventually(() => expect(watcher.view.runningTurn).toBeNull());
};

describe("who decides", () => {
	test("[WS10] [PER7] twenty people at once: one effect, everybody hears whose, one line in the audit list", async () => {
		const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
		const [id, ...watchers] = await town.found(...names);
		await watchers[0]!.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(watchers[0]!);
		const answers = await Promise.allSettled(
			watchers.map(({ connection }, index) =>
				connection.answerPermission({ requestId, optionId: index % 2 === 0 ? "yes" : "no" }),
			),
		);
		expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		await ended(watchers[0]!, 1);
		const winner = names[answers.findIndex(({ status }) => status === "fulfilled")];
		for (const { view } of watchers) expect(view.permissions).toMatchObject([{ answeredBy: winner }]);
		for (const answer of answers) {
			if (answer.status === "rejected") {
				expect(answer.reason).toMatchObject({ code: "already_answered", metadata: { answeredBy: winner } });
			}
		}
		const said = watchers[0]!.texts.filter((text) => text.startsWith("answer: "));
		expect(said).toEqual([`answer: ${watchers[0]!.view.permissions[0]!.optionId}`]);
		const fresh = await town.visitors.watch(id, "ada");
		expect(await acts(fresh)).toMatchObject([{ permissionId: requestId }]);
	}, 30_000);

	test("[PER1] the owner alone, once the owner wants it so, also for a question that waits", async () => {
		const [, ada, bob] = await town.found("ada", "bob");
		expect(await refusal(bob.connection.setPolicy({ policy: "owner" }))).toMatchObject({ code: "forbidden" });
		await bob.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(bob);
		await ada.connection.setPolicy({ policy: "owner" });
		await eventually(() => expect(bob.view.session?.policy).toBe("owner"));
		for (const optionId of ["yes", "no"]) {
			expect(await refusal(bob.connection.answerPermission({ requestId, optionId }))).toMatchObject({
				code: "forbidden",
				metadata: { policy: "owner" },
			});
		}
		await ada.connection.answerPermission({ requestId, optionId: "yes" });
		await ended(ada, 1);
		expect((await acts(bob)).map(type)).toEqual(["policy-changed", "permission-allowed"]);
	});

	test("[PER1] two people: many at once are two, and a no decides alone", async () => {
		const [, ada, ...others] = await town.found("ada", "bob", "eve", "tom", "kim");
		await ada.connection.setPolicy({ policy: "two" });
		await ada.connection.prompt({ text: "ask\nask" });
		const first = await asked(ada);
		await ada.connection.answerPermission({ requestId: first.id, optionId: "yes" });
		await eventually(() => expect(others[0]!.view.pendingPermissions).toMatchObject([{ votes: [{ userId: "ada" }] }]));
		await ada.connection.answerPermission({ requestId: first.id, optionId: "yes" }); // again: still one
		expect(ada.view.pendingPermissions).toHaveLength(1);
		const answers = await Promise.allSettled(
			others.map(({ connection }) => connection.answerPermission({ requestId: first.id, optionId: "yes" })),
		);
		expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		await eventually(() => expect(ada.view.permissions).toHaveLength(2));
		const second = await asked(ada);
		await others[0]!.connection.answerPermission({ requestId: second.id, optionId: "yes" });
		await others[1]!.connection.answerPermission({ requestId: second.id, optionId: "no" });
		await ended(ada, 1);
		expect(ada.texts.at(-1)).toBe("answer: yesanswer: no");
		expect((await acts(ada)).map(type)).toEqual([
			"policy-changed",
			"permission-supported",
			"permission-allowed",
			"permission-supported",
			"permission-denied",
		]);
	});

	test("[PER2] a yes of somebody who was put out does not count", async () => {
		const [, ada, bob, eve] = await town.found("ada", "bob", "eve");
		await ada.connection.setPolicy({ policy: "two" });
		await bob.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(bob);
		await bob.connection.answerPermission({ requestId, optionId: "yes" });
		bob.connection.onError(() => undefined);
		await ada.connection.kick({ userId: "bob" });
		await eve.connection.answerPermission({ requestId, optionId: "yes" });
		expect(ada.view.pendingPermissions).toHaveLength(1);
		await ada.connection.answerPermission({ requestId, optionId: "yes" });
		await ended(ada, 1);
		expect(ada.texts.at(-1)).toBe("answer: yes");
	});
});

describe("remembered answers", () => {
	test("[PER3] [PER4] [PER5] an always is asked once, seen by all, and taken back", async () => {
		const [id, ada, bob] = await town.found("ada", "bob");
		await answerNext(bob, "ask execute npm test", { optionId: "always" });
		expect(bob.texts.at(-1)).toBe("answer: yes"); // the agent hears "once" and asks again
		await eventually(() =>
			expect(ada.view.rules).toMatchObject([{ toolKind: "execute", target: "npm test", by: ["bob"] }]),
		);
		await ada.connection.prompt({ text: "ask execute npm test" });
		await ended(ada, 2);
		expect(ada.view.permissions[1]).toMatchObject({
			status: "answered",
			answeredBy: "bob",
			ruleId: ada.view.rules[0]!.id,
		});
		await answerNext(ada, "ask execute npm test --all", { optionId: "no" }); // another command is another question
		const fresh = await town.visitors.watch(id, "eve");
		expect(fresh.view.rules).toEqual(ada.view.rules);
		const { id: ruleId } = ada.view.rules[0]!;
		await fresh.connection.revokeRule({ ruleId });
		await fresh.connection.revokeRule({ ruleId });
		await eventually(() => expect(ada.view.rules).toEqual([]));
		await answerNext(ada, "ask execute npm test", { optionId: "no" });
		expect((await acts(ada)).map(type)).toEqual([
			"permission-allowed",
			"rule-added",
			"permission-allowed",
			"permission-denied",
			"rule-revoked",
			"permission-denied",
		]);
		expect(await refusal(ada.connection.revokeRule({ ruleId: "r-none" }))).toMatchObject({ code: "not_found" });
	});

	test("[PER5] what a prompter had remembered does not count where the owner decides", async () => {
		const [, ada, bob] = await town.found("ada", "bob");
		await answerNext(bob, "ask edit a.txt", { optionId: "yes", remember: "kind" });
		await bob.connection.prompt({ text: "ask edit b.txt" });
		await ended(bob, 2);
		await ada.connection.setPolicy({ policy: "owner" });
		await answerNext(ada, "ask edit b.txt", { optionId: "yes", remember: "same" });
		await ada.connection.prompt({ text: "ask edit b.txt" });
		await ended(ada, 4);
		expect(ada.view.rules.map(({ by }) => by)).toEqual([["bob"], ["ada"]]);
		await answerNext(ada, "ask edit c.txt", { optionId: "no" });
	});

	test("[PER4] what cannot be remembered is refused and decides nothing; there are only so many", async () => {
		const [, ada] = await town.found("ada");
		await ada.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(ada);
		const answer = { requestId, optionId: "yes", remember: "kind" } as const;
		expect(await refusal(ada.connection.answerPermission(answer))).toMatchObject({ code: "bad_input" });
		await ada.connection.answerPermission({ requestId, optionId: "yes" });
		await ended(ada, 1);
		for (const file of ["a", "b", "c"]) {
			await answerNext(ada, `ask edit ${file}`, { optionId: "yes", remember: "same" });
		}
		await ada.connection.prompt({ text: "ask edit d" });
		const fourth = await asked(ada);
		expect(await refusal(ada.connection.answerPermission({ requestId: fourth.id, optionId: "always" }))).toMatchObject({
			code: "queue_full",
			metadata: { rulesMax: 3 },
		});
		await ada.connection.answerPermission({ requestId: fourth.id, optionId: "yes" });
		await ended(ada, 5);
	});

	test("the audit list comes in pages, newest first, to everybody who may look", async () => {
		const [id, ada] = await town.found("ada");
		for (let round = 0; round < 7; round++) {
			await ada.connection.pauseQueue();
			await ada.connection.resumeQueue();
		}
		const guest = town.visitors.handle(id, "gus", "guest");
		const seen: number[] = [];
		for (let before: number | undefined; ; before = seen.at(-1)) {
			const page = await guest.getAudit({ limit: 4, ...(before !== undefined && { before }) });
			seen.push(...page.entries.map((entry) => entry.id));
			if (!page.hasMore) break;
		}
		expect(seen).toEqual(Array.from({ length: 14 }, (_, index) => 14 - index));
		expect(await refusal(guest.pauseQueue())).toMatchObject({ code: "forbidden" });
	});
});

describe("a question that waits", () => {
	test("[PER6] over a kill -9 with nobody there: it is closed by itself, truthfully, and the next one works", async () => {
		const [id, ada] = await town.found("ada");
		await ada.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(ada);
		await ada.connection.prompt({ text: "say after" });
		await town.visitors.leave();
		await town.crash();
		// Nobody calls it: an alarm wakes the workspace.
		await eventually(() => expect(town.lines).toContain(`${id} plays say after`), 25_000);
		const later = await town.visitors.watch(id, "bob");
		await ended(later, 2);
		expect(turnsOf(later).map(({ status }) => status)).toContain("interrupted");
		expect(later.view.permissions[0]!.status).toMatch(/^(cancelled|expired)$/);
		const late = later.connection.answerPermission({ requestId, optionId: "yes" });
		expect(await refusal(late)).toMatchObject({ code: "already_answered" });
		const [act] = (await acts(later)) as { type: string; by?: string }[];
		expect(act).toMatchObject({ type: `permission-${later.view.permissions[0]!.status}`, permissionId: requestId });
		expect(act).not.toHaveProperty("by");
	}, 60_000);

	test("[WS12] [PER7] time denies it, and stopping the turn closes it in the name of who did", async () => {
		const [, ada, bob] = await town.found("ada", "bob");
		await ada.connection.prompt({ text: "ask\nask" });
		await asked(ada);
		await eventually(() => expect(ada.view.permissions[0]).toMatchObject({ status: "expired" }), 10_000);
		await eventually(() => expect(ada.view.permissions).toHaveLength(2));
		await bob.connection.cancelTurn();
		await ended(ada, 1);
		expect(ada.texts).toContain("answer: no");
		expect(await acts(ada)).toMatchObject([
			{ type: "permission-expired" },
			{ type: "permission-cancelled", by: "bob" },
		]);
	}, 30_000);
});
