import { describe, expect, test } from "vitest";
import {
	AUTHORIZATION,
	authorise,
	authoriseService,
	isPublicAction,
	refuseIfArchived,
	ruleOf,
} from "./authorization.ts";
import { ActorName } from "./identity.ts";
import { refusal } from "./test/refusal.ts";
import { WIRE } from "./wire.ts";

const everyAction = ActorName.options.flatMap((actor) =>
	Object.keys(WIRE[actor].actions).map((name) => [actor, name] as const),
);

describe("the authorisation table", () => {
	test.each(everyAction)("[AUT1] %s.%s is in the table", (actor, name) => {
		expect(ruleOf(actor, name)).toBeDefined();
	});

	test("[AUT1] the table names nothing that is not on the wire", () => {
		for (const actor of ActorName.options) {
			expect(Object.keys(AUTHORIZATION[actor]).sort()).toEqual(Object.keys(WIRE[actor].actions).sort());
		}
	});

	test("[AUT2] what is not in the table is nobody's, whatever its name", () => {
		for (const name of ["nope", "constructor", "__proto__", "toString", ""]) {
			expect(isPublicAction("chatRoom", name)).toBe(false);
			expect(
				refusal(() => authoriseService("chatRoom", name, { issuer: "actors", subject: "directory:main" })).code,
			).toBe("forbidden");
		}
	});

	test("[AUT3] people never call what services call, and no service what people call", () => {
		for (const [actor, name] of everyAction) {
			const callers = [
				{ issuer: "actors", subject: "directory:main" },
				{ issuer: "actors", subject: "chatRoom:r-1" },
				{ issuer: "actors", subject: "userInbox:ada" },
				{ issuer: "actors", subject: "workspace:w-1" },
				{ issuer: "actors", subject: "server" },
				{ issuer: "actors", subject: "search:main" },
				{ issuer: "web", subject: "web" },
				{ issuer: "edge", subject: "edge" },
			];
			const granted = callers.filter((caller) => {
				try {
					authoriseService(actor, name, caller);
					return true;
				} catch {
					return false; // the refusal is the answer asked for
				}
			});
			const rule = ruleOf(actor, name);
			expect(granted).toHaveLength(rule !== undefined && "services" in rule ? rule.services.length : 0);
		}
	});

	test("[AUT4] only the process that signed for a subject may use it", () => {
		authoriseService("chatRoom", "init", { issuer: "actors", subject: "directory:main" });
		for (const caller of [
			{ issuer: "edge", subject: "directory:main" },
			{ issuer: "web", subject: "directory:main" },
			{ issuer: "actors", subject: "chatRoom:directory" },
			{ issuer: "actors", subject: "directorymain" },
		]) {
			expect(refusal(() => authoriseService("chatRoom", "init", caller)).code).toBe("forbidden");
		}
	});
});

test("[SET2] in an archived room one reads, goes and puts things in order, and does nothing else", () => {
	const done = Object.keys(WIRE.chatRoom.actions).filter((name) => {
		try {
			refuseIfArchived({ archivedAt: 1 }, name);
			return true;
		} catch (error) {
			expect(error).toMatchObject({ code: "archived" });
			return false;
		}
	});
	expect(done).toEqual(
		expect.arrayContaining(["getHistory", "changesSince", "getRoom", "leave", "updateRoom", "kick"]),
	);
	for (const name of ["join", "invite", "sendMessage", "editMessage", "toggleReaction", "setTyping", "createLink"]) {
		expect(done).not.toContain(name);
		refuseIfArchived({}, name);
	}
});

describe("refusals", () => {
	test("[AUT5] outside, everything is as if it were not there; before joining, one is told to join", () => {
		for (const name of ["getHistory", "sendMessage", "join"] as const) {
			expect(refusal(() => authorise("chatRoom", name, "outsider")).code).toBe("not_found");
		}
		authorise("chatRoom", "getHistory", "previewer");
		authorise("chatRoom", "join", "invited");
		expect(refusal(() => authorise("chatRoom", "sendMessage", "previewer")).code).toBe("not_member");
		expect(refusal(() => authorise("chatRoom", "getHistory", "invited")).code).toBe("not_member");
		expect(refusal(() => authorise("chatRoom", "kick", "member")).code).toBe("forbidden");
	});
});
