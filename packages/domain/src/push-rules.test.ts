import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InboxRoomRow, InboxWorkspaceRow, Notified } from "./inbox.ts";
import { LIMITS } from "./limits.ts";
import { PushMessage } from "./push.ts";
import {
	isStillWanted,
	isUrgent,
	namesIn,
	placeOf,
	pushMessageOf,
	pushTime,
	refuseEndpoint,
	strongerOf,
	testMessage,
} from "./push-rules.ts";
import { refusal } from "./test/refusal.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const said = (changes: Partial<Extract<Notified, { about: "room" }>> = {}): Notified => ({
	...{ about: "room", roomId: "r-1", name: "plans", reason: "mention", seq: 7, sender: "ada", text: "hello", at: NOW },
	...changes,
});
const work = (reason: "needsYou" | "done"): Notified => ({
	...{ about: "workspace", workspaceId: "w-1", name: "Fix the build", reason, at: NOW },
});
const room: InboxRoomRow = {
	...{ kind: "inboxRoom", id: "r-1", version: 1, name: "plans", visibility: "public", lastAt: NOW },
	...{ headSeq: 7, readSeq: 3, unread: 4, mentions: 1, readEpoch: 0 },
};
const workspace: InboxWorkspaceRow = {
	...{ kind: "inboxWorkspace", id: "w-1", version: 1, name: "Fix the build", agent: "demo", lastAt: NOW },
	...{ state: "waiting_permission", needsYou: true },
};
const nameOf = (id: string) => ({ ada: "Ada Lovelace", bob: "Bob", cyn: "Cyn Ng" })[id] ?? "Someone";
const messageFor = (notified: Notified, visibility: InboxRoomRow["visibility"] = "public", showsText = true) =>
	pushMessageOf(notified, { me: "bob", nameOf, visibility, showsText }, LIMITS);

describe("telling a device", () => {
	test("[PUSH1] it is reached by https, by a name and at the usual port", () => {
		for (const endpoint of [
			"https://fcm.googleapis.com/fcm/send/abc:APA91-_x",
			"https://updates.push.services.mozilla.com/wpush/v2/gAAA=",
			"https://wns2-by3p.notify.windows.com/w/?token=BQ%2bA",
			"https://web.push.apple.com:443/QGx",
		])
			expect(() => refuseEndpoint(endpoint, false), endpoint).not.toThrow();
		for (const endpoint of [
			...["", "push.example.org/x", "http://push.example.org/x", "ftp://push.example.org/", "https://push.example.org"],
			...["https://localhost/x", "https://127.0.0.1/x", "https://[::1]/x", "https://2130706433/x", "https://0x7f.1/x"],
			...["https://push.example.org:8080/x", "https://me@push.example.org/x", "https://me:pw@push.example.org/x"],
			...["https://push.example.org/x#y", "https://push.example.org/\\x", "https://push.example.org/a b", "https:///x"],
			...["https://push.example.org/\n", "https://push.exa\u202emple.org/x", "https://-push.example.org/x"],
			...["https://push.example.org@evil.example/x", "http://127.0.0.1:9/x", "javascript:alert(1)"],
		])
			expect(refusal(() => refuseEndpoint(endpoint, false)).code, endpoint).toBe("bad_input");
		expect(() => refuseEndpoint("http://127.0.0.1:4000/push/abc", true)).not.toThrow();
		for (const endpoint of ["http://127.0.0.1/x", "http://10.0.0.1:80/x", "http://127.0.0.1:80/../x", "http://a.b:1/"])
			expect(refusal(() => refuseEndpoint(endpoint, true)).code, endpoint).toBe("bad_input");
	});

	test("[PUSH2] not the one that is looked at, and the others later, if nobody read it until then", () => {
		const use = (deviceId: string | undefined, until = NOW + 1) => ({ deviceId, until });
		const time = (...uses: ReturnType<typeof use>[]) => pushTime("phone", uses, NOW - 1_000, NOW, LIMITS);
		expect(time()).toBe(NOW);
		expect(time(use("phone"))).toBeNull();
		expect(time(use("laptop"), use("phone"))).toBeNull();
		expect(time(use("laptop"))).toBe(NOW - 1_000 + LIMITS.pushPatienceMs);
		expect(time(use(undefined))).toBe(NOW - 1_000 + LIMITS.pushPatienceMs);
		expect(time(use("phone", NOW), use(undefined, NOW))).toBe(NOW);
		expect(pushTime("phone", [use("laptop")], NOW - LIMITS.pushPatienceMs, NOW, LIMITS)).toBe(NOW);
	});

	test("[PUSH3] not of what was read, answered, left, muted or fell into quiet hours meanwhile", () => {
		const isWanted = (row: Parameters<typeof isStillWanted>[1], notified = said()) =>
			isStillWanted(notified, row, null, NOW);
		expect(isWanted(room)).toBe(true);
		expect(isWanted(undefined)).toBe(false);
		expect(isWanted({ ...room, readSeq: 7 })).toBe(false);
		expect(isWanted({ ...room, leftAt: NOW })).toBe(false);
		expect(isWanted({ ...room, mutedUntil: NOW + 1 })).toBe(false);
		expect(isWanted({ ...room, level: "nothing" })).toBe(false);
		expect(isWanted(room, said({ reason: "message" }))).toBe(false);
		expect(isWanted({ ...room, level: "all" }, said({ reason: "message" }))).toBe(true);
		expect(isWanted(workspace, work("needsYou"))).toBe(true);
		expect(isWanted({ ...workspace, needsYou: false }, work("needsYou"))).toBe(false);
		expect(isWanted({ ...workspace, state: "idle", needsYou: false }, work("done"))).toBe(true);
		expect(isWanted({ ...workspace, state: "running", needsYou: false }, work("done"))).toBe(false);
		expect(isWanted({ ...workspace, leftAt: NOW }, work("needsYou"))).toBe(false);
		const quiet = { fromMinute: 11 * 60, toMinute: 13 * 60, timeZone: "UTC" };
		expect(isStillWanted(said(), room, quiet, NOW)).toBe(false);
		expect(isStillWanted(work("needsYou"), workspace, quiet, NOW)).toBe(false);
	});

	test("[PUSH4] who and where, and what was said unless its person chose otherwise", () => {
		const text = "look, <@bob>: `<@cyn>`\n\nsecret";
		expect(messageFor(said({ text }))).toMatchObject({
			...{ title: "Ada Lovelace in #plans", body: "look, @Bob: `<@cyn>` secret" },
		});
		const words = (reason: "mention" | "direct" | "message") =>
			messageFor(said({ text, reason }), "public", false).body;
		expect((["mention", "direct", "message"] as const).map(words)).toEqual([
			...["Mentioned you.", "Sent you a message.", "Sent a message."],
		]);
		expect(JSON.stringify(messageFor(said({ text }), "public", false))).not.toContain("secret");
		expect(messageFor(said({ text: "", reason: "direct" }), "direct").body).toBe("Sent you a message.");
		expect(messageFor(said({ name: "ada bob", reason: "direct" }), "direct").title).toBe("Ada Lovelace");
		expect(messageFor(said({ name: "ada bob cyn", reason: "direct" }), "direct").title).toBe(
			"Ada Lovelace to you and Cyn",
		);
		expect(namesIn(said({ text, name: "ada bob cyn" }), "direct").sort()).toEqual(["ada", "bob", "cyn"]);
		expect(namesIn(said({ text, name: "cyn" }), "public")).toEqual(["ada", "bob"]);
		expect(namesIn(work("done"), "private")).toEqual([]);
	});

	test("[PUSH5] one place has one notification, and a click leads to the message", () => {
		expect(messageFor(said())).toMatchObject({ tag: "/r/r-1", path: "/r/r-1?m=7", seq: 7 });
		expect([placeOf(said({ seq: 8 })), placeOf(work("done"))]).toEqual(["/r/r-1", "/w/w-1"]);
		expect(messageFor(work("needsYou"))).toEqual({
			...{ tag: "/w/w-1", path: "/w/w-1", title: "Fix the build", body: "The agent needs an answer.", at: NOW },
		});
		expect(messageFor(work("done")).body).toBe("The agent is done.");
		const [calls, news] = [said(), said({ reason: "message", seq: 8 })];
		expect([strongerOf(undefined, news), strongerOf(calls, news), strongerOf(news, calls)]).toEqual([
			news,
			calls,
			calls,
		]);
		expect(strongerOf(calls, said({ seq: 9 }))).toMatchObject({ seq: 9 });
		expect([calls, news, work("needsYou"), work("done")].map(isUrgent)).toEqual([true, false, true, false]);
	});

	test("[PUSH6] it fits in what every push service takes, whatever is said and whatever people are called", () => {
		const unit = fc.constantFrom("a", "<@bob>", "\u{1f600}", "\n", "漢", '"', "\\");
		fc.assert(
			fc.property(fc.array(unit, { maxLength: 400 }), fc.boolean(), (units, showsText) => {
				const text = units.join("");
				const readers = { me: "bob", nameOf: () => text, visibility: "public" as const, showsText };
				const message = pushMessageOf(said({ text, name: text }), readers, LIMITS);
				expect(PushMessage.parse(message)).toEqual(message);
				// RFC 8291 4: a record of 4,096 bytes, of which the header and the tag are 103.
				expect(new TextEncoder().encode(JSON.stringify(message)).length).toBeLessThanOrEqual(3_993);
			}),
		);
		expect(PushMessage.parse(testMessage(NOW))).toMatchObject({ isTest: true, path: "/" });
	});
});
