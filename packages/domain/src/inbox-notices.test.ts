import { describe, expect, test } from "vitest";
import type { RoomNews } from "./inbox.ts";
import { QuietHours } from "./inbox.ts";
import { isQuiet, newsText, noticeOf, reasonFor } from "./inbox-notices.ts";
import { LIMITS } from "./limits.ts";

const at = (time: string) => Date.parse(`2026-11-22T${time}:00Z`);
const night: QuietHours = { fromMinute: 22 * 60, toMinute: 7 * 60, timeZone: "UTC" };
const NOON = at("12:00");

describe("who is told of what", () => {
	test("[INB12] by the level, chosen or usual", () => {
		const reasons = (room: Parameters<typeof reasonFor>[0]) =>
			[false, true].map((isMention) => reasonFor(room, isMention, null, NOON));
		expect(reasons({ visibility: "public" })).toEqual([null, "mention"]);
		expect(reasons({ visibility: "public", level: "all" })).toEqual(["message", "mention"]);
		expect(reasons({ visibility: "private", level: "nothing" })).toEqual([null, null]);
		expect(reasons({ visibility: "direct" })).toEqual(["direct", "mention"]);
		expect(reasons({ visibility: "direct", level: "mentions" })).toEqual([null, "mention"]);
		expect(reasons({ visibility: "direct", mutedUntil: NOON + 1 })).toEqual([null, null]);
		expect(reasons({ visibility: "direct", mutedUntil: NOON })).toEqual(["direct", "mention"]);
	});

	test("[INB13] nobody is disturbed in their quiet hours, also over midnight and by their own clock", () => {
		expect(["21:59", "22:00", "02:00", "06:59", "07:00"].map((time) => isQuiet(night, at(time)))).toEqual([
			false,
			true,
			true,
			true,
			false,
		]);
		expect(isQuiet({ ...night, timeZone: "Asia/Tokyo" }, at("13:30"))).toBe(true);
		expect(isQuiet({ fromMinute: 60, toMinute: 60, timeZone: "UTC" }, at("01:00"))).toBe(false);
		expect(reasonFor({ visibility: "direct" }, true, night, at("23:00"))).toBeNull();
		expect(QuietHours.safeParse({ ...night, timeZone: "Mars/Base" }).success).toBe(false);
	});

	test("[INB13] one message of a note is told: the newest that calls, none that was read or told before", () => {
		const room = { roomId: "r-1", name: "one", visibility: "public" as const, level: "all" as const, readSeq: 2 };
		const say = (seq: number, isMention = false): RoomNews => ({
			...{ seq, sender: "bob", text: `m${seq}`, timestamp: NOON + seq, isMention },
		});
		const notice = (news: RoomNews[], toldSeq = 0) =>
			noticeOf(room, { news }, { toldSeq, quietHours: null, now: NOON, limits: LIMITS });
		expect(notice([say(3), say(4, true), say(5)])).toMatchObject({ seq: 4, reason: "mention", text: "m4" });
		expect(notice([say(3), say(5), say(4)])).toMatchObject({ seq: 5, reason: "message" });
		expect(notice([say(1, true), say(2)])).toBeNull();
		expect(notice([say(3, true)], 3)).toBeNull();
		expect(notice([{ ...say(3, true), timestamp: NOON - 60_001 }])).toBeNull();
	});

	test("[INB13] what is told of a message is one bounded line of whole characters", () => {
		expect(newsText("a\n\n  b ", 10)).toBe("a b");
		expect(newsText("😀".repeat(9), 4)).toBe("😀😀😀…");
	});
});
