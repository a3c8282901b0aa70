import { describe, expect, test } from "vitest";
import { AUTHORIZATION, refuseOutOfScope } from "./authorization.ts";
import { BOT_ACTORS, BotId, BotScope, CreateBotInput, hearsEverything, isBotId, scopesOf } from "./bot.ts";
import { ActorName } from "./identity.ts";
import { heirOf, invited, type Membership, ownershipPassed, roleGiven } from "./membership.ts";
import { refusal } from "./test/refusal.ts";

const robot = (...scopes: BotScope[]) => ({ userId: "b-1", scopes });
const member = (id: string, role: Membership["role"]): Membership => ({
	kind: "member",
	id,
	role,
	status: "joined",
	changedAt: 1,
});

describe("what a bot may", () => {
	test("[BOT3] the table's word is the whole of it: every action, with every scope alone", () => {
		for (const actor of ActorName.options) {
			for (const [name, rule] of Object.entries(AUTHORIZATION[actor])) {
				const needs = "people" in rule ? rule.bots : undefined;
				for (const scope of BotScope.options) {
					const asked = (): void => refuseOutOfScope(actor, name, robot(scope));
					if (needs === "any" || needs === scope) asked();
					else expect(refusal(asked).code).toBe("forbidden");
				}
				refuseOutOfScope(actor, name, { userId: "ada" });
			}
		}
	});

	test("[BOT3] where bots never go, nothing is open to them", () => {
		for (const actor of ActorName.options.filter((name) => !BOT_ACTORS.has(name))) {
			for (const rule of Object.values(AUTHORIZATION[actor])) expect("bots" in rule).toBe(false);
		}
	});

	test("[BOT3] [BOT4] a bot whose scopes got lost has none, and hears nothing", () => {
		expect(scopesOf({ userId: "b-1" })).toEqual([]);
		expect(refusal(() => refuseOutOfScope("chatRoom", "getHistory", { userId: "b-1" })).details).toEqual({
			scope: "read",
		});
		expect([{ userId: "b-1" }, robot("write"), robot("read"), { userId: "ada" }].map(hearsEverything)).toEqual([
			false,
			false,
			true,
			true,
		]);
	});

	test("[BOT1] nobody's id is taken for a bot's, and no scope is given twice", () => {
		expect(["b-1", "u-1", "bob", "b", "b-"].map(isBotId)).toEqual([true, false, false, false, false]);
		expect(BotId.safeParse("u-1").success).toBe(false);
		expect(CreateBotInput.safeParse({ name: "a", scopes: ["read", "read"] }).success).toBe(false);
	});
});

describe("a bot in a room", () => {
	test("[BOT2] it is in when it is invited, by whoever may invite; a ban stands as for people", () => {
		expect(invited(undefined, { userId: "b-1" }, "member", 5)).toMatchObject({ status: "joined", role: "guest" });
		const banned = { ...member("b-1", "guest"), status: "banned" as const };
		expect(refusal(() => invited(banned, { userId: "b-1" }, "member", 5)).code).toBe("forbidden");
		expect(invited(banned, { userId: "b-1" }, "admin", 5)).toMatchObject({ status: "joined" });
	});

	test("[BOT2] it never owns one", () => {
		const owner = { userId: "ada", role: "owner" as const };
		expect(refusal(() => invited(undefined, { userId: "b-1", role: "owner" }, "owner", 5)).code).toBe("forbidden");
		expect(refusal(() => roleGiven(member("b-1", "guest"), "owner", owner, 5)).code).toBe("forbidden");
		expect(refusal(() => ownershipPassed(member("ada", "owner"), member("b-1", "admin"), 5)).code).toBe("forbidden");
		expect(heirOf([member("b-1", "admin"), member("bob", "member")])?.id).toBe("bob");
		expect(heirOf([member("b-1", "admin")])).toBeUndefined();
	});
});
