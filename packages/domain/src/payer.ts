import { z } from "zod";
import { UnixMs, UserId } from "./id.ts";
import { Problem } from "./problem.ts";
import type { WorkspaceRole } from "./workspace.ts";

/** Whose key the agents of a workspace use: the server's, or that of one person, who said so. */
export const WorkspacePayer = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("server") }),
	z.strictObject({ kind: z.literal("person"), userId: UserId, consentedAt: UnixMs }),
]);
export type WorkspacePayer = z.infer<typeof WorkspacePayer>;

/** `me`: whoever says it. Nobody can name another person. */
export const PayerWish = z.enum(["server", "me", "nobody"]);
export type PayerWish = z.infer<typeof PayerWish>;

/** Without a question whether they may: for the one who makes a workspace. */
export const wishedPayer = (wish: PayerWish, userId: string, at: number): WorkspacePayer | undefined => {
	if (wish === "nobody") return undefined;
	return wish === "server" ? { kind: "server" } : { kind: "person", userId, consentedAt: at };
};

/**
 * Who pays from now on. The owner decides; whoever pays may stop to; where nobody pays, whoever may prompt may offer to.
 * @throws Problem `forbidden`
 */
export const chosenPayer = (
	payer: WorkspacePayer | undefined,
	wish: PayerWish,
	by: { readonly userId: string; readonly role: WorkspaceRole },
	at: number,
): WorkspacePayer | undefined => {
	const isTheirs = payer?.kind === "person" && payer.userId === by.userId;
	if (wish === "me" && isTheirs) return payer;
	const isAllowed = by.role === "owner" || (wish === "nobody" && isTheirs) || (wish === "me" && payer === undefined);
	if (!isAllowed) throw new Problem("forbidden", "The owner of this workspace decides who pays.");
	return wishedPayer(wish, by.userId, at);
};

/** A person who was put out of the workspace pays for nothing there any more. */
export const payerWithout = (payer: WorkspacePayer | undefined, userId: string): WorkspacePayer | undefined =>
	payer?.kind === "person" && payer.userId === userId ? undefined : payer;
