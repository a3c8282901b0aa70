import { createHash, randomBytes } from "node:crypto";
import { joined } from "@bullpen/domain/membership";
import { Problem } from "@bullpen/domain/problem";
import {
	type CreateLinkInput,
	type EnterByLinkInput,
	isLinkOpen,
	linkIsClosed,
	newLink,
	type RoomLink,
	usedLink,
} from "@bullpen/domain/room-link";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import { noteAct } from "./acts.ts";
import { putMember, refuseWhenFull } from "./people.ts";
import type { Room, RoomDraft } from "./room.ts";
import { type GoneLink, type KeptLink, readLinks } from "./store/governance.ts";

/** The invitation links of a room that can be used, as committed; by the hash of their secret. */
export class Links {
	#kept = new Map<string, KeptLink>();
	#last: Promise<unknown> = Promise.resolve();

	async load(room: Room): Promise<void> {
		this.#kept = new Map((await readLinks(room.db)).map((link) => [link.secretHash, link]));
	}

	/** Call with what was committed. */
	keep(extra: KeptLink | GoneLink): void {
		if (extra.kind === "link") {
			this.#kept.set(extra.secretHash, extra);
			return;
		}
		for (const [hash, { link }] of this.#kept) if (link.id === extra.id) this.#kept.delete(hash);
	}

	/** By its secret's hash, as it will stand after this draft. */
	find(secretHash: string, draft: RoomDraft): KeptLink | undefined {
		const noted = draft.noted(linkKey(secretHash));
		return noted?.kind === "link" ? noted : this.#kept.get(secretHash);
	}

	/** One is made after the other, so that each is counted by the next: those of one commit do not see each other. */
	inTurn<Result>(make: () => Promise<Result>): Promise<Result> {
		const made = this.#last.then(make);
		this.#last = made.catch(() => undefined); // whoever asked for it hears of it
		return made;
	}

	get all(): IterableIterator<KeptLink> {
		return this.#kept.values();
	}
}

/** @throws Problem `bad_input` `forbidden` `not_member` `busy` when as many links work as a room may have */
export function createLink(
	room: Room,
	person: Person,
	input: z.output<typeof CreateLinkInput>,
): Promise<ActionOutput<"chatRoom", "createLink">> {
	const secret = Array.from(randomBytes(32), (byte) => BASE32[byte & 31]).join("");
	const secretHash = createHash("sha256").update(secret).digest("hex");
	return room.links.inTurn(() =>
		room.writer.write((draft) => {
			room.admit(person, "createLink", draft);
			const now = room.now();
			const closed = [...room.links.all].filter(({ link }) => !isLinkOpen(link, now));
			const { roomLinksMax: linksMax } = room.limits;
			if ([...room.links.all].length - closed.length >= linksMax) {
				throw new Problem("busy", `At most ${linksMax} links of a room work at once: withdraw one first.`, {
					linksMax,
				});
			}
			for (const { link } of closed) draft.note(`gone ${link.id}`, { kind: "goneLink", id: link.id });
			const id = `l-${randomBytes(12).toString("hex")}`;
			const link = newLink(input, { id, by: person.userId, now }, room.limits);
			draft.note(linkKey(secretHash), { kind: "link", link, secretHash });
			noteAct(room, draft, { type: "link-created", by: person.userId, linkId: id });
			return { link, secret };
		}),
	);
}

/** Those that can be used, the newest first. */
export const openLinks = (room: Room): RoomLink[] =>
	[...room.links.all]
		.map(({ link }) => link)
		.filter((link) => isLinkOpen(link, room.now()))
		.sort((one, other) => other.createdAt - one.createdAt);

/** @throws Problem `not_found` `forbidden` `not_member` */
export function revokeLink(room: Room, person: Person, { id }: { id: string }): Promise<void> {
	return room.writer.write((draft) => {
		room.admit(person, "revokeLink", draft);
		const named = [...room.links.all].find(({ link }) => link.id === id);
		const kept = named && room.links.find(named.secretHash, draft);
		if (kept === undefined) throw new Problem("not_found", "There is no such link.");
		if (kept.link.revokedAt !== undefined) return;
		draft.note(linkKey(kept.secretHash), { ...kept, link: { ...kept.link, revokedAt: room.now() } });
		noteAct(room, draft, { type: "link-revoked", by: person.userId, linkId: id });
	});
}

/**
 * Somebody shows a link's secret: they are in the room afterwards. Whoever was shown out needs more than a link.
 * @throws Problem `not_found` `busy` `archived`
 */
export function enterByLink(
	room: Room,
	{ userId, serverRole, secretHash }: z.output<typeof EnterByLinkInput>,
): Promise<void> {
	return room.writer.write((draft) => {
		const kept = room.isInitialised ? room.links.find(secretHash, draft) : undefined;
		const link = usedLink(kept?.link, room.now());
		const before = room.memberOf(userId, draft);
		if (before?.status === "joined") return;
		if (before?.status === "removed" || before?.status === "banned") throw linkIsClosed();
		if (room.room.archivedAt !== undefined) {
			throw new Problem("archived", "This room is archived: it can be read, not changed.");
		}
		refuseWhenFull(room, before);
		const role = serverRole === "guest" ? "guest" : link.role;
		const invited = before?.status === "invited" ? before : { ...(before ?? newcomer(userId)), role };
		putMember(room, draft, before, joined({ ...invited, status: "invited" }, { userId, serverRole }, room.now()));
		draft.note(linkKey(secretHash), { kind: "link", link, secretHash });
		noteAct(room, draft, { type: "link-used", by: userId, linkId: link.id });
	});
}

const newcomer = (id: string) => ({ kind: "member" as const, id, role: "member" as const, changedAt: 0 });
const linkKey = (secretHash: string): string => `link ${secretHash}`;
/** RFC 4648's alphabet: five bits each. */
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
