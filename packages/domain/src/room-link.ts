import { z } from "zod";
import { RoomId, UnixMs, UserId } from "./id.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

const LinkRole = z.enum(["member", "guest"]);
const LinkId = z.string().regex(/^l-[a-z0-9]{1,62}$/);
/** What stands behind the `#` of a link: 160 random bits. Only its hash is kept. */
export const LinkSecret = z.string().regex(/^[a-z2-7]{32}$/);

/** An invitation by link into one room, without its secret. */
export const RoomLink = z.strictObject({
	id: LinkId,
	/** What those who come by it are in the room. */
	role: LinkRole,
	createdBy: UserId,
	createdAt: UnixMs,
	expiresAt: UnixMs,
	/** How many may come by it; null for any number. */
	usesMax: z.int().min(1).nullable(),
	uses: z.int().min(0),
	revokedAt: UnixMs.optional(),
});
export type RoomLink = z.infer<typeof RoomLink>;

export const CreateLinkInput = z.strictObject({
	role: LinkRole.optional(),
	usesMax: z.int().min(1).max(1_000).optional(),
	/** How long it works, in ms; `roomLinkMs` when left out. */
	forMs: z.int().min(1).optional(),
});
/** The secret is told this once. */
export const CreatedLink = z.strictObject({ link: RoomLink, secret: LinkSecret });
export const RoomLinks = z.strictObject({ links: z.array(RoomLink) });
export const RevokeLinkInput = z.strictObject({ id: LinkId });
/** To the directory, by somebody who is not in the room. */
export const AcceptLinkInput = z.strictObject({ roomId: RoomId, secret: LinkSecret });
/** Service only, from the directory: somebody shows a secret, which is passed on by its SHA-256. */
export const EnterByLinkInput = z.strictObject({
	userId: UserId,
	serverRole: z.enum(["owner", "member", "guest"]),
	secretHash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** @throws Problem `bad_input` */
export function newLink(
	input: z.output<typeof CreateLinkInput>,
	made: { readonly id: string; readonly by: string; readonly now: number },
	limits: Pick<Limits, "roomLinkMs" | "roomLinkMaxMs">,
): RoomLink {
	const { role = "member", usesMax = null, forMs = limits.roomLinkMs } = input;
	const { roomLinkMaxMs: maxMs } = limits;
	if (forMs > maxMs) throw new Problem("bad_input", "A link does not work that long.", { field: "forMs", maxMs });
	const { id, by: createdBy, now: createdAt } = made;
	return { id, role, createdBy, createdAt, expiresAt: createdAt + forMs, usesMax, uses: 0 };
}

export const isLinkOpen = (link: RoomLink, now: number): boolean =>
	link.revokedAt === undefined && now < link.expiresAt && (link.usesMax === null || link.uses < link.usesMax);

/**
 * The link after one more person came by it. Unknown, revoked, used up and expired ones are refused alike.
 * @throws Problem `not_found`
 */
export function usedLink(link: RoomLink | undefined, now: number): RoomLink {
	if (link === undefined || !isLinkOpen(link, now)) throw linkIsClosed();
	return { ...link, uses: link.uses + 1 };
}

export const linkIsClosed = (): Problem =>
	new Problem("not_found", "This link was withdrawn, used up, or is too old. Ask for a fresh one.");
