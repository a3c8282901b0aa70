import { join } from "node:path";
import { AUTHORIZATION, type Rule } from "@bullpen/domain/authorization";
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
const PEOPLE = ["ada", "bob", "cyn", "dan", "eve", "kicked", "nobody", "guest", "boss"];

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
		] as const) {
			await owner.invite({ userId, role });
			await town.as("chatRoom", roomId, { id: userId }).join();
		}
		await owner.invite({ userId: "eve" });
		await owner.kick({ userId: "kicked" });
		keys[visibility] = roomId;
	}
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
	["outsider", guest, "public"],
];
const SERVICES = [
	["directory:main", "actors"],
	["directory:main", "web"],
	["directory:main", "edge"],
	["chatRoom:r-1", "actors"],
	["userInbox:nobody", "actors"],
	["workspace:w-1", "actors"],
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

const callAs = (actor: ActorName, key: string, params: unknown, name: string): Promise<string> =>
	codeOf(town.client[actor].get([key], { params }).action({ name, args: [{ wrong: true }] }));

// The input is wrong for every action, so `bad_input` is what somebody hears whom the door let through, and only they.
describe("every registered action, for everybody", () => {
	test.each(ROOM_PEOPLE)("[AUT2] chatRoom as %s (%o in the %s room)", async (standing, who, room) => {
		for (const [name, rule] of rulesOf("chatRoom")) {
			const may = "people" in rule && rule.people.includes(standing);
			const code = await callAs("chatRoom", keys[room], house.ticket("chatRoom", keys[room], who), name);
			expect([name, code === "bad_input"], code).toEqual([name, may]);
			if (standing === "outsider")
				expect([name, code]).toEqual([name, who.id === "kicked" ? "not_member" : "not_found"]);
		}
	});

	test.each([
		["self", ada],
		["other", boss],
	] as const)("[AUT2] userInbox as %s", async (standing, who) => {
		for (const [name, rule] of rulesOf("userInbox")) {
			const may = "people" in rule && rule.people.includes(standing);
			const code = await callAs("userInbox", "ada", house.ticket("userInbox", "ada", who), name);
			expect([name, code === "bad_input"], code).toEqual([name, may]);
		}
	});

	test.each([ada, boss, guest])("[AUT2] directory as %o", async (who) => {
		for (const [name, rule] of rulesOf("directory")) {
			const may = "people" in rule && rule.people.includes(who.role ?? "member");
			const code = await callAs("directory", "main", house.ticket("directory", "main", who), name);
			expect([name, code === "bad_input"], code).toEqual([name, may]);
		}
	});

	test.each(SERVICES)("[AUT3] [AUT4] the service %s (%s)", async (subject, issuer) => {
		for (const [actor, key] of [
			["chatRoom", keys.public],
			["userInbox", "ada"],
			["directory", "main"],
		] as const) {
			for (const [name, rule] of rulesOf(actor)) {
				const named = { issuer, subject: subject.split(":")[0] };
				const may =
					"services" in rule && rule.services.some((one) => one.issuer === issuer && one.subject === named.subject);
				const code = await callAs(actor, key, house.service(actor, key, subject, issuer), name);
				expect([actor, name, code === "bad_input"], code).toEqual([actor, name, may]);
			}
		}
	});

	test("[AUT1] no actor has an action that is neither in the table nor an alarm refused to everybody", async () => {
		const ALARMS: Record<string, string[]> = {
			workspace: ["notesAlarm", "permissionAlarm", "wakeAlarm"],
			chatRoom: ["cardAlarm", "filesAlarm", "hookAlarm", "importAlarm", "indexAlarm", "outboxAlarm", "pruneAlarm"],
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
});
