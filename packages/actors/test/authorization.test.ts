import { join } from "node:path";
import { AUTHORIZATION, type Rule } from "@bullpen/domain/authorization";
import type { BotScope } from "@bullpen/domain/bot";
import type { ActorName } from "@bullpen/domain/identity";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
const keys = { public: "", private: "", direct: "" };

const ada: Who = { id: "ada" };
const boss: Who = { id: "boss", role: "owner" };
const guest: Who = { id: "guest", role: "guest" };
const PEOPLE = ["ada", "bob", "cyn", "dan", "eve", "kicked", "banned", "closed", "nobody", "guest", "boss"];
const SHOWN_OUT = ["kicked", "banned"];
const SCOPES: BotScope[] = ["read", "write", "react", "commands"];
/** Everywhere people go in this process, by what the table calls it. */
const PLACES = ["chatRoom", "userInbox", "directory", "search"] as const;
const bots = { member: "", stranger: "" };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: NO_RATES });
	town = new Town(house);
	await town.register(...PEOPLE.map((id) => ({ id })), boss, guest);
	for (const visibility of ["public", "private"] as const) {
		const roomId = await town.open(ada, `the ${visibility}`, visibility);
		const owner = town.as("chatRoom", roomId, ada);
		for (const [userId, role] of [
			["bob", "admin"],
			["cyn", "member"],
			["dan", "guest"],
			["kicked", "member"],
			["banned", "member"],
			["closed", "member"],
		] as const) {
			await owner.invite({ userId, role });
			await town.as("chatRoom", roomId, { id: userId }).join();
		}
		await owner.invite({ userId: "eve" });
		await owner.kick({ userId: "kicked" });
		await owner.ban({ userId: "banned" });
		keys[visibility] = roomId;
	}
	for (const name of ["member", "stranger"] as const) {
		const { bot } = await town.as("directory", "main", boss).createBot({ name, scopes: SCOPES });
		bots[name] = bot.userId;
	}
	await town.as("chatRoom", keys.private, ada).invite({ userId: bots.member });
	keys.direct = (await town.as("directory", "main", ada).openDirect({ userIds: ["bob"] })).roomId;
});
afterAll(() => house?.stop());

/** Everything a standing may be, and who has it where. */
const ROOM_PEOPLE: [standing: string, who: Who, room: keyof typeof keys][] = [
	["direct", ada, "direct"],
	["direct", { id: "bob", role: "owner" }, "direct"],
	["outsider", { id: "cyn" }, "direct"],
	["outsider", boss, "direct"],
	["owner", ada, "private"],
	["admin", { id: "bob" }, "private"],
	["member", { id: "cyn" }, "private"],
	["guest", { id: "dan" }, "private"],
	["invited", { id: "eve" }, "private"],
	["outsider", { id: "nobody" }, "private"],
	["outsider", boss, "private"],
	["outsider", { id: "kicked" }, "private"],
	["previewer", { id: "nobody" }, "public"],
	["outsider", { id: "kicked" }, "public"],
	["outsider", { id: "banned" }, "public"],
	["outsider", guest, "public"],
];
const SERVICES = [
	["directory:main", "actors"],
	["directory:main", "web"],
	["directory:main", "edge"],
	["chatRoom:r-1", "actors"],
	["userInbox:nobody", "actors"],
	["workspace:w-1", "actors"],
	["search:main", "actors"],
	["server", "actors"],
	["web", "web"],
	["edge", "edge"],
] as const;
const rulesOf = (actor: ActorName): [string, Rule<string>][] => Object.entries(AUTHORIZATION[actor]);

async function codeOf(call: Promise<unknown>): Promise<string> {
	return call.then(
		() => "ok",
		(error: { code?: string }) => String(error.code),
	);
}

const keyOf = (actor: (typeof PLACES)[number], room: keyof typeof keys, who: Who): string =>
	({ chatRoom: keys[room], userInbox: who.id, directory: "main", search: "main" })[actor];
const callAs = (actor: ActorName, key: string, params: unknown, name: string): Promise<string> =>
	codeOf(town.client[actor].get([key], { params }).action({ name, args: [{ wrong: true }] }));

/** The same for every action of an actor, on one connection: for whoever may hold one. */
async function codesAs(actor: ActorName, key: string, params: unknown): Promise<[name: string, code: string][]> {
	const connection = town.client[actor].get([key], { getParams: async () => params }).connect();
	const codes: [string, string][] = [];
	for (const [name] of rulesOf(actor)) {
		codes.push([name, await codeOf(connection.action({ name, args: [{ wrong: true }] }))]);
	}
	await connection.dispose();
	return codes;
}

/** The door let them through to exactly the actions that are theirs. */
function expectLetThrough(actor: ActorName, codes: [string, string][], may: (rule: Rule<string>) => boolean): void {
	const theirs = rulesOf(actor).flatMap(([name, rule]) => (may(rule) ? [name] : []));
	expect(codes.flatMap(([name, code]) => (code === "bad_input" ? [name] : []))).toEqual(theirs);
}
const isFor =
	(standing: string) =>
	(rule: Rule<string>): boolean =>
		"people" in rule && rule.people.includes(standing);

// The input is wrong for every action, so `bad_input` is what somebody hears whom the door let through, and only they.
describe("every registered action, for everybody", () => {
	test.each(ROOM_PEOPLE.filter(([standing]) => standing !== "outsider"))(
		"[AUT2] chatRoom as %s (%o in the %s room)",
		async (standing, who, room) => {
			const codes = await codesAs("chatRoom", keys[room], house.ticket("chatRoom", keys[room], who));
			expectLetThrough("chatRoom", codes, isFor(standing));
		},
	);

	test.each(ROOM_PEOPLE.filter(([standing]) => standing === "outsider"))(
		"[AUT2] chatRoom as %s (%o in the %s room)",
		async (_, who, room) => {
			for (const [name] of rulesOf("chatRoom")) {
				const code = await callAs("chatRoom", keys[room], house.ticket("chatRoom", keys[room], who), name);
				expect([name, code]).toEqual([name, SHOWN_OUT.includes(who.id) ? "not_member" : "not_found"]);
			}
		},
	);

	test("[AUT2] userInbox as self", async () => {
		const codes = await codesAs("userInbox", "ada", house.ticket("userInbox", "ada", ada));
		expectLetThrough("userInbox", codes, isFor("self"));
	});

	test("[AUT2] userInbox as other", async () => {
		for (const [name] of rulesOf("userInbox")) {
			const code = await callAs("userInbox", "ada", house.ticket("userInbox", "ada", boss), name);
			expect([name, code]).toEqual([name, "not_found"]);
		}
	});

	test.each([ada, boss, guest])("[AUT2] directory and search as %o", async (who) => {
		for (const actor of ["directory", "search"] as const) {
			const codes = await codesAs(actor, "main", house.ticket(actor, "main", who));
			expectLetThrough(actor, codes, isFor(who.role ?? "member"));
		}
	});

	test.each([[], ...SCOPES.map((scope) => [scope]), SCOPES].map((scopes) => ({ scopes })))(
		"[AUT2] [BOT3] a bot in a room with the scopes $scopes",
		async ({ scopes }) => {
			const who: Who = { id: bots.member, role: "guest", scopes };
			for (const actor of PLACES) {
				const key = keyOf(actor, "private", who);
				const codes = await codesAs(actor, key, house.ticket(actor, key, who));
				const isForThem = isFor(actor === "userInbox" ? "self" : "guest");
				expectLetThrough(actor, codes, (rule) => {
					const scope = "people" in rule ? rule.bots : undefined;
					return isForThem(rule) && scope !== undefined && (scope === "any" || scopes.includes(scope));
				});
				expect(new Set(codes.map(([, code]) => code))).toEqual(
					new Set(codes.some(([, code]) => code === "bad_input") ? ["bad_input", "forbidden"] : ["forbidden"]),
				);
			}
		},
	);

	test("[BOT2] a bot that nobody let in, whatever its scopes", async () => {
		const who: Who = { id: bots.stranger, role: "guest", scopes: SCOPES };
		for (const [name] of rulesOf("chatRoom")) {
			const code = await callAs("chatRoom", keys.public, house.ticket("chatRoom", keys.public, who), name);
			expect([name, code]).toEqual([name, "not_found"]);
		}
	});

	test.each(SERVICES)("[AUT3] [AUT4] the service %s (%s)", async (subject, issuer) => {
		for (const [actor, key] of [
			["chatRoom", keys.public],
			["userInbox", "ada"],
			["directory", "main"],
			["search", "main"],
		] as const) {
			const codes = await codesAs(actor, key, house.service(actor, key, subject, issuer));
			expectLetThrough(
				actor,
				codes,
				(rule) =>
					"services" in rule &&
					rule.services.some((one) => one.issuer === issuer && one.subject === subject.split(":")[0]),
			);
		}
	});

	test("[AUT1] no actor has an action that is neither in the table nor an alarm refused to everybody", async () => {
		const ALARMS: Record<string, string[]> = {
			workspace: ["notesAlarm", "permissionAlarm", "wakeAlarm"],
			chatRoom: ["cardAlarm", "filesAlarm", "hookAlarm", "importAlarm", "outboxAlarm", "pruneAlarm"],
			directory: ["barAlarm"],
			search: ["callUpAlarm"],
		};
		vi.stubEnv("RIVET_POOL", "rooms");
		vi.stubEnv("BULLPEN_MODE", "test");
		vi.stubEnv("BULLPEN_DATA", house.dataFolder);
		vi.stubEnv("BULLPEN_KEYS", join(house.dataFolder, "keys"));
		for (const [name, value] of Object.entries(house.engine.env)) vi.stubEnv(name, value);
		const { registry } = await import("../src/registry.ts");
		vi.unstubAllEnvs();
		for (const [actor, definition] of Object.entries(registry.parseConfig().use)) {
			const names = Object.keys(definition.config.actions);
			const known = [...Object.keys(AUTHORIZATION[actor as ActorName]), ...(ALARMS[actor] ?? [])];
			expect(names.sort()).toEqual(known.sort());
		}
		for (const name of ALARMS.chatRoom ?? []) {
			for (const params of [
				house.ticket("chatRoom", keys.public, ada),
				house.service("chatRoom", keys.public, "directory:main"),
				house.service("chatRoom", keys.public, `chatRoom:${keys.public}`),
			]) {
				expect(await callAs("chatRoom", keys.public, params, name)).toBe("forbidden");
			}
		}
	});

	// The last one: it changes who there is.
	test("[PEO2] whose account was closed, with tickets from before", async () => {
		const closed: Who = { id: "closed" };
		const before = new Map(
			PLACES.map((actor) => [actor, house.ticket(actor, keyOf(actor, "public", closed), closed)] as const),
		);
		const web = house.service("directory", "main", "web", "web");
		const directory = town.client.directory.get(["main"], { params: web });
		await directory.setActive({ userId: "closed", isActive: false, by: "boss" });
		for (const [actor, ticket] of before) {
			for (const [name] of rulesOf(actor)) {
				const code = await callAs(actor, keyOf(actor, "public", closed), ticket, name);
				expect([actor, name, code]).toEqual([actor, name, "unauthenticated"]);
			}
		}
	});
});
