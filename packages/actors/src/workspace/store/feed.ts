import type { Limits } from "@bullpen/domain/limits";
import type { AuditAct, RuleRow } from "@bullpen/domain/permission";
import type { ChatRow } from "@bullpen/domain/side-chat";
import type { ItemRow } from "@bullpen/domain/transcript/item";
import { unreachable } from "@bullpen/domain/unreachable";
import type {
	PermissionRow,
	PromptRow,
	SessionRow,
	TurnRow,
	WorkspaceFeedRow,
	WorkspaceMemberRow,
} from "@bullpen/domain/workspace";
import { z } from "zod";
import type { FeedStore, StoredCounters } from "../../feed-writer.ts";
import type { Frame } from "../../frame.ts";
import type { Db } from "../agent/db.ts";
import { putSent } from "./attachments.ts";
import { putAudit } from "./audit.ts";
import { type ChatNonce, chatAfter, putChat, putChatNonces } from "./chat.ts";
import { itemsAfter, putItems } from "./items.ts";
import { keepListed } from "./listed.ts";
import { membersAfter, putMembers } from "./members.ts";
import { type NonceRow, putNonces } from "./nonces.ts";
import { permissionsAfter, putPermissions } from "./permissions.ts";
import { promptsAfter, putPrompts, type QueueSize } from "./prompts.ts";
import { putRules, rulesAfter } from "./rules.ts";
import { putSession, readSession } from "./session.ts";
import { putTurns, turnsAfter } from "./turns.ts";

/**
 * Rows beside the feed: a nonce, a line of the audit list and whose prompt a file goes with to keep; sizes of the queue, of the circle and of the rules
 * within a batch, with what it adds to them, which are not kept.
 */
export type Extra =
	| { readonly type: "nonce"; readonly row: NonceRow }
	| { readonly type: "audit"; readonly at: number; readonly act: AuditAct }
	| { readonly type: "sent"; readonly promptId: string; readonly attachmentId: string }
	| { readonly type: "chat-nonce"; readonly row: ChatNonce }
	| { readonly type: "listed"; readonly print: string }
	| { readonly type: "chat-head"; readonly id: number }
	| { readonly type: "queue"; readonly size: QueueSize; readonly addedIds: readonly string[] }
	| { readonly type: "rules"; readonly addedIds: readonly string[] }
	| { readonly type: "members"; readonly count: number };

const CountersRow = z.object({
	seq: z.number(),
	version: z.number(),
	floorSeq: z.number(),
	epoch: z.string(),
	commitId: z.string().nullable(),
});

export const readCounters = async (db: Db): Promise<StoredCounters & { epoch: string }> => {
	const [row] = await db.execute(
		"SELECT seq, version, floor_seq AS floorSeq, epoch, commit_id AS commitId FROM counters",
	);
	return CountersRow.parse(row);
};

/** The workspace's tables as its writer needs them. `prepare` is done before each commit. */
export const workspaceStore = (
	frame: Pick<Frame<unknown>, "db">,
	limits: Pick<Limits, "sideChatKept">,
	prepare: (rows: readonly WorkspaceFeedRow[]) => Promise<void>,
): FeedStore<WorkspaceFeedRow, Extra> => ({
	counters: () => readCounters(frame.db),
	commit: async ({ id, from, rows, extras, counters }) => {
		await prepare(rows);
		await frame.db.transaction(
			async (tx) => {
				await putRows(tx, rows, limits);
				const nonces = extras.flatMap((extra) => (extra.type === "nonce" ? [extra.row] : []));
				if (nonces.length > 0) await putNonces(tx, nonces);
				const audit = extras.flatMap((extra) => (extra.type === "audit" ? [extra] : []));
				if (audit.length > 0) await putAudit(tx, audit);
				for (const extra of extras) if (extra.type === "sent") await putSent(tx, extra.promptId, [extra.attachmentId]);
				const said = extras.flatMap((extra) => (extra.type === "chat-nonce" ? [extra.row] : []));
				if (said.length > 0) await putChatNonces(tx, said);
				for (const extra of extras) if (extra.type === "listed") await keepListed(tx, extra.print);
				const { seq, version, floorSeq } = counters;
				const moved = await tx.execute(
					"UPDATE counters SET seq = ?, version = ?, floor_seq = ?, commit_id = ? WHERE version <= ? RETURNING seq",
					...[seq, version, floorSeq, id, from],
				);
				if (moved.length === 0) throw new Error("the workspace has moved on");
			},
			{ name: "commit" },
		);
	},
});

const putRows = async (
	db: Db,
	rows: readonly WorkspaceFeedRow[],
	{ sideChatKept }: Pick<Limits, "sideChatKept">,
): Promise<void> => {
	const items: ItemRow[] = [];
	const prompts: PromptRow[] = [];
	const turns: TurnRow[] = [];
	const permissions: PermissionRow[] = [];
	const rules: RuleRow[] = [];
	const members: WorkspaceMemberRow[] = [];
	const chat: ChatRow[] = [];
	let session: SessionRow | undefined;
	for (const row of rows) {
		switch (row.kind) {
			case "item":
				items.push(row);
				break;
			case "prompt":
				prompts.push(row);
				break;
			case "turn":
				turns.push(row);
				break;
			case "permission":
				permissions.push(row);
				break;
			case "rule":
				rules.push(row);
				break;
			case "member":
				members.push(row);
				break;
			case "chat":
				chat.push(row);
				break;
			case "session":
				session = row;
				break;
			default:
				unreachable(row);
		}
	}
	if (items.length > 0) await putItems(db, items);
	if (prompts.length > 0) await putPrompts(db, prompts);
	if (turns.length > 0) await putTurns(db, turns);
	if (permissions.length > 0) await putPermissions(db, permissions);
	if (rules.length > 0) await putRules(db, rules);
	if (members.length > 0) await putMembers(db, members);
	if (chat.length > 0) await putChat(db, chat, sideChatKept);
	if (session !== undefined) await putSession(db, session);
};

/** Up to `limit` rows above `version`, in the order of their versions. */
export const rowsAfter = async (db: Db, version: number, limit: number): Promise<WorkspaceFeedRow[]> => {
	const session = await readSession(db);
	const rows: WorkspaceFeedRow[] = [
		...(session !== undefined && session.version > version ? [session] : []),
		...(await itemsAfter(db, version, limit)),
		...(await promptsAfter(db, version, limit)),
		...(await turnsAfter(db, version, limit)),
		...(await permissionsAfter(db, version, limit)),
		...(await rulesAfter(db, version, limit)),
		...(await membersAfter(db, version, limit)),
		...(await chatAfter(db, version, limit)),
	];
	return rows.sort((a, b) => a.version - b.version).slice(0, limit);
};
