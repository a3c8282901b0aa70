import type { ChangesPage } from "@bullpen/domain/feed";
import type { AuditPage } from "@bullpen/domain/permission";
import { Problem } from "@bullpen/domain/problem";
import type { ItemRow } from "@bullpen/domain/transcript/item";
import type { ImageFile } from "@bullpen/domain/transcript/search";
import type { Transcript, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { z } from "zod";
import { fitFrame } from "./output.ts";
import type { Scope } from "./scope.ts";
import { auditBelow } from "./store/audit.ts";
import { chatBelow } from "./store/chat.ts";
import { readCounters, rowsAfter } from "./store/feed.ts";
import { itemById, itemsBelow } from "./store/items.ts";
import { membersAfter } from "./store/members.ts";
import { outputOf } from "./store/outputs.ts";
import { pendingPermissions, permissionsOfTurns } from "./store/permissions.ts";
import { pictureAt } from "./store/pictures.ts";
import { promptsById, queuedPrompts } from "./store/prompts.ts";
import { standingRules } from "./store/rules.ts";
import { readSession } from "./store/session.ts";
import { runningTurn, turnsById } from "./store/turns.ts";

/** Members told with the first page; a larger circle is had by `changesSince`. */
const MEMBERS_MAX = 500;
const PERMISSIONS_MAX = 200;

/**
 * A page of the transcript. The head is read first: rows may be newer than it, and then they come again with the batch that
 * made them so, which changes nothing.
 */
export const transcriptPage = async (
	{ frame: { db }, limits }: Scope,
	input: { before?: number | undefined; limit?: number | undefined },
): Promise<Transcript> => {
	const { seq, version, epoch } = await readCounters(db);
	const limit = Math.min(input.limit ?? limits.transcriptPageDefault, limits.transcriptPageMax);
	const found = await itemsBelow(db, input.before ?? Number.MAX_SAFE_INTEGER, limit + 1);
	const items = withinBytes(found.slice(0, limit), limits.historyPageBytesMax);
	const running = await runningTurn(db);
	const turnIds = [...new Set(items.map(({ turnId }) => turnId))];
	const turns = await turnsById(db, running === undefined ? turnIds : [...turnIds, running.id]);
	const prompts = await promptsById(
		db,
		turns.map(({ promptId }) => promptId),
	);
	const permissions = await permissionsOfTurns(db, turnIds, PERMISSIONS_MAX);
	const rows = [
		...(input.before === undefined ? await present({ db, limits }) : []),
		...turns,
		...prompts,
		...permissions,
	];
	return {
		rows: [...unique(rows), ...items.reverse()],
		head: { seq, version, epoch },
		hasMore: found.length > items.length,
	};
};

/** What is true now, wherever one reads: the session, who is in, what waits, what is remembered. */
const present = async ({
	db,
	limits,
}: {
	db: Scope["frame"]["db"];
	limits: Scope["limits"];
}): Promise<WorkspaceFeedRow[]> => {
	const session = await readSession(db);
	return [
		...(session === undefined ? [] : [session]),
		...(await membersAfter(db, -1, MEMBERS_MAX)),
		...(await queuedPrompts(db, limits.promptQueueMax)),
		...(await pendingPermissions(db)),
		...(await standingRules(db)),
		// The newest alone: so a client knows whether there is something to read, and reads it when somebody looks.
		...(await chatBelow(db, Number.MAX_SAFE_INTEGER, 1)),
	];
};

const unique = (rows: readonly WorkspaceFeedRow[]): WorkspaceFeedRow[] => [
	...new Map(rows.map((row) => [`${row.kind} ${row.id}`, row])).values(),
];

/** As many as fit one answer, and at least one. */
export const withinBytes = <Row>(rows: readonly Row[], bytesMax: number): Row[] => {
	let bytes = 0;
	const end = rows.findIndex((row, index) => {
		bytes += Buffer.byteLength(JSON.stringify(row));
		return index > 0 && bytes > bytesMax;
	});
	return rows.slice(0, end < 0 ? rows.length : end);
};

/** What changed since a version, or `reset` where the asker stands in another feed than this one. */
export const changesPage = async (
	{ frame: { db }, limits }: Scope,
	input: { version: number; epoch?: string | undefined; limit?: number | undefined },
): Promise<ChangesPage<WorkspaceFeedRow>> => {
	const head = await readCounters(db);
	const { floorSeq } = head;
	if (input.version > head.version || (input.epoch ?? head.epoch) !== head.epoch) {
		return { rows: [], to: head.version, caughtUp: false, reset: true, floorSeq };
	}
	const limit = Math.min(input.limit ?? limits.changesPageDefault, limits.changesPageMax);
	// Rows above the head that was read come with their own batch: told now, they could hide others that were not seen.
	const found = (await rowsAfter(db, input.version, limit + 1)).filter(({ version }) => version <= head.version);
	const rows = withinBytes(found.slice(0, limit), limits.changesPageBytesMax);
	const isAll = rows.length === found.length;
	const to = isAll ? head.version : (rows.at(-1)?.version ?? input.version);
	return { rows, to, caughtUp: isAll, floorSeq };
};

/** Who decided what, newest first. */
export const auditPage = async (
	{ frame: { db }, limits }: Scope,
	input: { before?: number | undefined; limit?: number | undefined },
): Promise<AuditPage> => {
	const limit = Math.min(input.limit ?? limits.auditPageDefault, limits.auditPageMax);
	const found = await auditBelow(db, input.before ?? Number.MAX_SAFE_INTEGER, limit + 1);
	return { entries: found.slice(0, limit), hasMore: found.length > limit };
};

/** What a tool printed, as whole as it is kept. @throws Problem `not_found` */
export const outputText = async ({ frame: { db }, limits }: Scope, itemId: number): Promise<{ text: string }> => {
	const item = await itemById(db, itemId);
	if (item?.body.type !== "tool") throw new Problem("not_found", "There is no such tool call.");
	const text = (await outputOf(db, itemId)) ?? shownText(item);
	return { text: fitFrame(text, limits.commitBytesMax) };
};

/** The file of a picture. @throws Problem `not_found`, also for one that is kept no more */
export const imageFile = async (
	{ frame: { db } }: Scope,
	{ itemId, position = 0 }: { itemId: number; position?: number | undefined },
): Promise<z.infer<typeof ImageFile>> => {
	const file = await pictureAt(db, itemId, position);
	if (file === undefined) throw new Problem("not_found", "This picture is not kept.");
	return file;
};

const shownText = ({ body }: ItemRow): string =>
	body.type === "tool"
		? body.content
				.map((part) => (part.type === "text" ? part.text : part.type === "diff" ? part.newText : ""))
				.join("\n")
		: "";
