import type { InboxLevel, InboxRoomRow, NoteRoomInput, Notified, QuietHours, RoomNews } from "./inbox.ts";
import type { Limits } from "./limits.ts";

type Chosen = Pick<InboxRoomRow, "visibility"> & {
	readonly level?: InboxLevel | undefined;
	readonly mutedUntil?: number | undefined;
};

/** What is told of a room: until somebody chose, everything that is said to them directly and elsewhere what calls on them. */
export const levelOf = ({ visibility, level }: Pick<Chosen, "visibility" | "level">): InboxLevel =>
	level ?? (visibility === "direct" ? "all" : "mentions");

export const isMuted = ({ mutedUntil = 0 }: Pick<Chosen, "mutedUntil">, now: number): boolean => mutedUntil > now;

/** Whether a room wants to be seen at all: one that says nothing stands in the sidebar and counts for no total. */
export const isHeard = (room: Chosen, now: number): boolean => levelOf(room) !== "nothing" && !isMuted(room, now);

/** Messages of a room that wait for this person: all of a direct room, elsewhere those that call on them. */
export const callsIn = (room: Chosen & Pick<InboxRoomRow, "unread" | "mentions">, now: number): number => {
	if (!isHeard(room, now)) return 0;
	return room.visibility === "direct" ? room.unread : room.mentions;
};

/** Why its person is told of a message, or null: they chose not to be, or do not want to be disturbed now. */
export function reasonFor(
	room: Chosen,
	isMention: boolean,
	quietHours: QuietHours | null,
	now: number,
): "mention" | "direct" | "message" | null {
	if (!isHeard(room, now) || (quietHours !== null && isQuiet(quietHours, now))) return null;
	if (isMention) return "mention";
	if (room.visibility === "direct" && levelOf(room) === "all") return "direct";
	return levelOf(room) === "all" ? "message" : null;
}

/**
 * The one message of a note that its person is told of: the newest that calls, else the newest at all. Nothing that was
 * read, nothing that was told before (`toldSeq`), and nothing that is no news any more.
 */
export function noticeOf(
	room: Chosen & { readonly roomId: string; readonly name: string; readonly readSeq: number },
	note: Pick<NoteRoomInput, "news">,
	told: {
		readonly toldSeq: number;
		readonly quietHours: QuietHours | null;
		readonly now: number;
		readonly limits: Pick<Limits, "newsFreshMs">;
	},
): Notified | null {
	const since = told.now - told.limits.newsFreshMs;
	const fresh = note.news.filter(
		({ seq, timestamp }) => seq > told.toldSeq && seq > room.readSeq && timestamp >= since,
	);
	const chosen = (news: readonly RoomNews[]) => news.toSorted((a, b) => b.seq - a.seq)[0];
	const news = chosen(fresh.filter(({ isMention }) => isMention)) ?? chosen(fresh);
	if (news === undefined) return null;
	const reason = reasonFor(room, news.isMention, told.quietHours, told.now);
	if (reason === null) return null;
	const { seq, sender, text, timestamp: at, threadOf } = news;
	const thread = threadOf === undefined ? {} : { threadOf };
	return { about: "room", roomId: room.roomId, name: room.name, reason, seq, sender, text, at, ...thread };
}

/** Whether `now` (unix ms) lies in somebody's quiet hours, by the clock on their wall. */
export function isQuiet({ fromMinute, toMinute, timeZone }: QuietHours, now: number): boolean {
	const minute = minuteOfDay(now, timeZone);
	return fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

function minuteOfDay(now: number, timeZone: string): number {
	const clock = new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", minute: "numeric", hourCycle: "h23" });
	const part = (type: string) => Number(clock.formatToParts(now).find((one) => one.type === type)?.value ?? 0);
	return part("hour") * 60 + part("minute");
}

/** A message as a notification shows it: one line, of a bounded length. */
export function newsText(text: string, charsMax: number): string {
	const line = text.replace(/\s+/g, " ").trim();
	const chars = [...line.slice(0, charsMax * 2 + 2)];
	return chars.length <= charsMax ? chars.join("") : `${chars.slice(0, charsMax - 1).join("")}…`;
}
