import { peopleOfDirect } from "./direct-room.ts";
import type { InboxRoomRow, InboxWorkspaceRow, Notified, QuietHours } from "./inbox.ts";
import { isQuiet, newsText, reasonFor } from "./inbox-notices.ts";
import type { Limits } from "./limits.ts";
import { withNames } from "./mention.ts";
import { Problem } from "./problem.ts";
import type { PushMessage } from "./push.ts";
import { unreachable } from "./unreachable.ts";

/** Scheme, name, port, and the rest without a fragment (RFC 3986), as narrow as push services have them. */
const ENDPOINT = /^https:\/\/(?<host>[a-z0-9.-]{1,253})(?::443)?\/[\w.~:/?[\]@!$&'()*+,;=%-]*$/;
/** A name of at least two parts, the last of which is no number. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w/-]*$/;

/**
 * Where a device is reached: by https, at a name and the usual port. Where the name leads is looked at when it is used. Tests
 * have push services of their own (`isLoopbackAllowed`).
 * @throws Problem `bad_input`
 */
export function refuseEndpoint(endpoint: string, isLoopbackAllowed: boolean): void {
	const host = ENDPOINT.exec(endpoint)?.groups?.host;
	if (host !== undefined && HOST_NAME.test(host)) return;
	if (isLoopbackAllowed && LOOPBACK.test(endpoint)) return;
	throw new Problem("bad_input", "This is not the address of a push service.", { field: "endpoint" });
}

/** One page of a person's that is open: whether somebody looks at it holds until then, unix ms. */
export interface Use {
	/** None where the device is not pushed to. */
	readonly deviceId: string | undefined;
	readonly until: number;
}

/**
 * When a device is to be told: now, later while its person is at another one, or not at all (null) while they are at it.
 * `at`: when it happened.
 */
export function pushTime(
	deviceId: string,
	uses: readonly Use[],
	at: number,
	now: number,
	limits: Pick<Limits, "pushPatienceMs">,
): number | null {
	const current = uses.filter(({ until }) => until > now);
	if (current.some((use) => use.deviceId === deviceId)) return null;
	return current.length === 0 ? now : Math.max(now, at + limits.pushPatienceMs);
}

/** Whether it still waits for its person, who has chosen not to be disturbed, or has read or answered it meanwhile. */
export function isStillWanted(
	notified: Notified,
	row: InboxRoomRow | InboxWorkspaceRow | undefined,
	quietHours: QuietHours | null,
	now: number,
): boolean {
	if (row === undefined || row.leftAt !== undefined) return false;
	if (notified.about === "room") {
		if (row.kind !== "inboxRoom" || row.readSeq >= notified.seq) return false;
		return reasonFor(row, notified.reason === "mention", quietHours, now) !== null;
	}
	if (row.kind !== "inboxWorkspace" || (quietHours !== null && isQuiet(quietHours, now))) return false;
	return notified.reason === "needsYou" ? row.needsYou : row.state === "idle";
}

/** Whether it is worth waking a sleeping phone for. */
export const isUrgent = ({ reason }: Notified): boolean => reason !== "message" && reason !== "done";

/** Of two that wait for the same place: one that calls is not hidden by one that does not. */
export const strongerOf = (before: Notified | undefined, after: Notified): Notified =>
	before !== undefined && isUrgent(before) && !isUrgent(after) ? before : after;

/** Everybody whose name a push says. */
export function namesIn(notified: Notified, visibility: InboxRoomRow["visibility"]): string[] {
	if (notified.about === "workspace") return [];
	const ids = [notified.sender, ...(visibility === "direct" ? peopleOfDirect(notified.name) : [])];
	withNames(notified.text, (id) => {
		ids.push(id);
		return id;
	});
	return [...new Set(ids)].slice(0, NAMES_MAX);
}

/** Of one push. Whoever lies beyond is "someone" in it. */
const NAMES_MAX = 50;

interface Readers {
	/** Whose device it is. */
	readonly me: string;
	readonly nameOf: (userId: string) => string;
	readonly visibility: InboxRoomRow["visibility"];
	readonly showsText: boolean;
}

/** What a device is told: who and where, and what was said where its person did not choose otherwise. */
export function pushMessageOf(
	notified: Notified,
	{ me, nameOf, visibility, showsText }: Readers,
	limits: Pick<Limits, "pushTitleCharsMax" | "pushBodyCharsMax">,
): PushMessage {
	const tag = placeOf(notified);
	const bounded = (title: string, body: string) => ({
		title: newsText(title, limits.pushTitleCharsMax),
		body: newsText(body, limits.pushBodyCharsMax),
	});
	if (notified.about === "workspace") {
		const body = notified.reason === "needsYou" ? "The agent needs an answer." : "The agent is done.";
		return { tag, ...bounded(notified.name, body), path: tag, at: notified.at };
	}
	const { sender, text, name, seq, at } = notified;
	const where = visibility === "direct" ? othersWith(name, [me, sender], nameOf) : ` in #${name}`;
	const body = showsText && text !== "" ? withNames(text, nameOf) : wordsFor(notified.reason);
	return { tag, ...bounded(`${nameOf(sender)}${where}`, body), path: `${tag}?m=${seq}`, at, seq };
}

/** One place has one notification: its page. */
export const placeOf = (notified: Notified): string =>
	notified.about === "room" ? `/r/${notified.roomId}` : `/w/${notified.workspaceId}`;

/** What its person asked for, to see that it works. */
export const testMessage = (at: number): PushMessage => ({
	...{ tag: "test", title: "Bullpen", body: "Notifications reach this device.", path: "/", at, isTest: true },
});

function othersWith(directName: string, known: readonly string[], nameOf: (id: string) => string): string {
	const others = peopleOfDirect(directName).filter((id) => !known.includes(id));
	return others.length === 0 ? "" : ` to you and ${others.map((id) => nameOf(id).split(" ")[0]).join(", ")}`;
}

function wordsFor(reason: Extract<Notified, { about: "room" }>["reason"]): string {
	switch (reason) {
		case "mention":
			return "Mentioned you.";
		case "direct":
			return "Sent you a message.";
		case "message":
			return "Sent a message.";
		default:
			return unreachable(reason);
	}
}
