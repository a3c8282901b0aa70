import { array, assert, boolean, constantFrom, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleRow } from "./permission.ts";
import {
	type Answer,
	answeredByRule,
	type Court,
	checkRules,
	closedPermission,
	denial,
	isInForce,
	madeRule,
	mayAnswer,
	rememberable,
	revokedRule,
	toldOption,
	type Verdict,
	weighed,
} from "./permission-rules.ts";
import { refusal } from "./test/refusal.ts";
import type { PermissionRow } from "./workspace.ts";

const ask: PermissionRow = {
	kind: "permission",
	id: "q1",
	version: 1,
	turnId: "t1",
	title: "Run it",
	toolKind: "execute",
	target: "npm test",
	options: [
		{ optionId: "never", name: "Never", kind: "reject_always" },
		{ optionId: "no", name: "No", kind: "reject_once" },
		{ optionId: "yes", name: "Yes", kind: "allow_once" },
		{ optionId: "always", name: "Always", kind: "allow_always" },
	],
	status: "pending",
	askedAt: 10,
	expiresAt: 20,
};
const court = (policy: Court["policy"], ...out: string[]): Court => ({
	policy,
	ownerId: "olga",
	isOut: (userId) => out.includes(userId),
});
const says = (userId: string, optionId: string, remember?: Answer["remember"]): Answer => ({
	by: { userId, role: userId === "olga" ? "owner" : "prompter" },
	optionId,
	remember,
});
/** Answers in turn until one decides. */
const answered = (by: Court, ...answers: Answer[]): Verdict & { permission: PermissionRow } => {
	let permission = ask;
	let verdict: Verdict = { type: "known" };
	for (const answer of answers) {
		verdict = weighed(permission, answer, by, 15);
		if ("permission" in verdict) permission = { ...verdict.permission, version: permission.version + 1 };
	}
	return { ...verdict, permission } as Verdict & { permission: PermissionRow };
};

describe("answers", () => {
	test("[WS10] the first valid answer decides; the next one hears whose it was", () => {
		const { permission } = answered(court("prompters"), says("bob", "yes"));
		expect(permission).toMatchObject({ status: "answered", answeredBy: "bob", optionId: "yes", answeredAt: 15 });
		expect(refusal(() => weighed(permission, says("eve", "no"), court("prompters"), 15))).toMatchObject({
			code: "already_answered",
			details: { answeredBy: "bob", optionId: "yes", status: "answered" },
		});
	});

	test("[WS11] an answer is one of the question's own, in time", () => {
		const give = (optionId: string, at: number, to: PermissionRow | undefined = ask) =>
			refusal(() => weighed(to, says("bob", optionId), court("prompters"), at));
		expect(give("maybe", 15).code).toBe("bad_input");
		expect(refusal(() => weighed(undefined, says("bob", "yes"), court("prompters"), 15)).code).toBe("not_found");
		expect(give("yes", 20)).toMatchObject({ code: "already_answered", details: { status: "expired" } });
	});

	test("[WS12] [PER6] a question without an answer is denied, once and never for good", () => {
		expect(denial(ask.options)).toBe("no");
		expect(denial(ask.options.slice(0, 1))).toBe("never");
		expect(denial(ask.options.slice(2))).toBeUndefined();
		expect(closedPermission(ask, "expired", 20)).toMatchObject({ status: "expired", answeredAt: 20 });
		expect(closedPermission(ask, "cancelled", 19)).toMatchObject({ status: "cancelled" });
		expect(closedPermission(ask, "cancelled", 20)).toMatchObject({ status: "expired" });
		expect(closedPermission({ ...ask, status: "answered" }, "cancelled", 20)).toBeUndefined();
	});
});

describe("policies", () => {
	test("[PER1] the owner alone: others are refused, a no of theirs too", () => {
		expect(mayAnswer("owner", "prompter")).toBe(false);
		for (const option of ["yes", "no"]) {
			expect(refusal(() => weighed(ask, says("bob", option), court("owner"), 15))).toMatchObject({
				code: "forbidden",
				details: { policy: "owner" },
			});
		}
		expect(answered(court("owner"), says("olga", "yes"))).toMatchObject({ type: "allowed", by: ["olga"] });
	});

	test("[PER1] two people: two different ones, and any no", () => {
		expect(answered(court("two"), says("bob", "yes"))).toMatchObject({
			type: "supported",
			permission: { status: "pending", votes: [{ userId: "bob" }] },
		});
		expect(answered(court("two"), says("bob", "yes"), says("bob", "yes"))).toMatchObject({ type: "known" });
		expect(answered(court("two"), says("olga", "yes"), says("olga", "always")).type).toBe("supported");
		expect(answered(court("two"), says("bob", "yes"), says("eve", "yes"))).toMatchObject({
			type: "allowed",
			by: ["bob", "eve"],
			permission: { answeredBy: "eve", votes: [{ userId: "bob" }, { userId: "eve" }] },
		});
		expect(answered(court("two"), says("bob", "yes"), says("bob", "no"))).toMatchObject({
			type: "denied",
			permission: { status: "answered", answeredBy: "bob", optionId: "no" },
		});
	});

	test("[PER2] of two yeses the once is told, and the narrower memory counts, if both want one", () => {
		const two = court("two");
		expect(answered(two, says("bob", "always"), says("eve", "yes"))).toMatchObject({
			option: { optionId: "yes" },
			remember: undefined,
		});
		expect(answered(two, says("bob", "yes", "kind"), says("eve", "always", "same"))).toMatchObject({
			option: { optionId: "yes" },
			remember: "same",
		});
		expect(answered(two, says("bob", "always"), says("eve", "always"))).toMatchObject({
			option: { optionId: "always" },
		});
	});

	test("[PER2] a vote of somebody who was removed does not count", () => {
		const { permission } = answered(court("two"), says("bob", "yes"));
		expect(weighed(permission, says("eve", "yes"), court("two", "bob"), 15)).toMatchObject({
			type: "supported",
			permission: { votes: [{ userId: "eve" }] },
		});
	});

	test("[PER1] whatever people say in whatever order, two different yeses before any no, or nothing is allowed", () => {
		const answers = array(record({ who: constantFrom("bob", "eve", "olga"), isYes: boolean(), always: boolean() }));
		const run = (said: { who: string; isYes: boolean; always: boolean }[]): void => {
			let permission = ask;
			let end: Verdict["type"] | undefined;
			const yes = new Set<string>();
			let expected: Verdict["type"] | undefined;
			for (const { who, isYes, always } of said) {
				if (expected === undefined && isYes) yes.add(who);
				if (expected === undefined && (!isYes || yes.size === 2)) expected = isYes ? "allowed" : "denied";
				if (end !== undefined) continue;
				const verdict = weighed(permission, says(who, isYes ? (always ? "always" : "yes") : "no"), court("two"), 15);
				if ("permission" in verdict) permission = { ...verdict.permission, version: 1 };
				if (verdict.type === "allowed" || verdict.type === "denied") end = verdict.type;
			}
			expect(end).toBe(expected);
			expect(permission.status).toBe(expected === undefined ? "pending" : "answered");
		};
		assert(property(answers, run), { numRuns: 300 });
	});
});

describe("remembered answers", () => {
	const rule = (fields: Partial<RuleRow> = {}): RuleRow => ({
		kind: "rule",
		id: "r1",
		version: 1,
		toolKind: "execute",
		target: "npm test",
		by: ["bob"],
		createdAt: 1,
		...fields,
	});

	test("[PER3] an always is ours to remember: the agent hears once; a change of mode is told as said", () => {
		const always = ask.options[3]!;
		expect(toldOption(ask, always)).toBe("yes");
		expect(toldOption({ ...ask, toolKind: "switch_mode" }, always)).toBe("always");
		expect(toldOption({ ...ask, options: [always] }, always)).toBe("always");
		expect(toldOption(ask, ask.options[0]!)).toBe("never");
		expect(answered(court("prompters"), says("bob", "always"))).toMatchObject({ remember: "same" });
	});

	test("[PER4] only a yes, and only what can be told apart, is remembered", () => {
		expect(rememberable({ toolKind: "edit" })).toEqual(["kind"]);
		expect(rememberable({ toolKind: "other", target: "deploy" })).toEqual(["same"]);
		expect(rememberable({ toolKind: "switch_mode", target: "plan" })).toEqual([]);
		expect(rememberable({})).toEqual([]);
		const give = (answer: Answer, to = ask) => refusal(() => weighed(to, answer, court("prompters"), 15));
		expect(give(says("bob", "no", "same"))).toMatchObject({ code: "bad_input", details: { field: "remember" } });
		expect(give(says("bob", "yes", "kind"), { ...ask, toolKind: "other" }).code).toBe("bad_input");
		const { remember } = weighed(
			{ ...ask, toolKind: undefined } as unknown as PermissionRow,
			says("b", "always"),
			court("prompters"),
			15,
		) as { remember?: string };
		expect(remember).toBeUndefined();
	});

	test("[PER4] the same is made once, and answers the same and nothing else", () => {
		const known = { rules: [], court: court("prompters") };
		const made = madeRule(ask, "same", { id: "r2", by: ["bob"], at: 15 }, known);
		expect(made).toMatchObject({ toolKind: "execute", target: "npm test", by: ["bob"], createdAt: 15 });
		expect(madeRule(ask, "same", { id: "r3", by: ["eve"], at: 16 }, { ...known, rules: [rule()] })).toBeUndefined();
		expect(madeRule(ask, "kind", { id: "r3", by: ["eve"], at: 16 }, { ...known, rules: [rule()] })).toMatchObject({
			toolKind: "execute",
		});
		expect(answeredByRule(ask, [rule()], court("prompters"), 15)).toMatchObject({
			permission: { status: "answered", optionId: "yes", answeredBy: "bob", ruleId: "r1" },
		});
		const { target: _, ...kind } = rule();
		expect(answeredByRule({ ...ask, target: "rm -rf ." }, [rule()], court("prompters"), 15)).toBeUndefined();
		expect(answeredByRule({ ...ask, target: "rm -rf ." }, [kind], court("prompters"), 15)).toBeDefined();
		expect(answeredByRule({ ...ask, toolKind: "edit" }, [kind], court("prompters"), 15)).toBeUndefined();
		expect(
			answeredByRule({ ...ask, options: ask.options.slice(0, 2) }, [kind], court("prompters"), 15),
		).toBeUndefined();
		expect(answeredByRule(ask, [kind], court("prompters"), 20)).toBeUndefined();
	});

	test("[PER5] it counts as long as those who made it could decide so", () => {
		expect(isInForce(rule(), court("prompters"))).toBe(true);
		expect(isInForce(rule(), court("prompters", "bob"))).toBe(false);
		expect(isInForce(rule(), court("owner"))).toBe(false);
		expect(isInForce(rule({ by: ["olga"] }), court("owner"))).toBe(true);
		expect(isInForce(rule({ by: ["olga"] }), court("two"))).toBe(false);
		expect(isInForce(rule({ by: ["bob", "eve"] }), court("two"))).toBe(true);
		expect(isInForce(rule({ by: ["bob", "bob"] }), court("two"))).toBe(false);
	});

	test("[PER5] taken back once; there are only so many", () => {
		const gone = revokedRule(rule(), "eve", 9);
		expect(gone).toMatchObject({ revokedBy: "eve", revokedAt: 9 });
		expect(revokedRule(gone, "bob", 10)).toBe(gone);
		expect(isInForce(gone, court("prompters"))).toBe(false);
		expect(refusal(() => revokedRule(undefined, "bob", 9)).code).toBe("not_found");
		expect(refusal(() => checkRules(2, { permissionRulesMax: 2 }))).toMatchObject({
			code: "queue_full",
			details: { rulesMax: 2 },
		});
	});
});
