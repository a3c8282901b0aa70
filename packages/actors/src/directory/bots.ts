import { createHash, randomBytes } from "node:crypto";
import { type BotScope, type BotView, tokenIsClosed } from "@bullpen/domain/bot";
import type { PersonRow } from "@bullpen/domain/directory";
import { Problem } from "@bullpen/domain/problem";
import { nameKey } from "@bullpen/domain/room-name";
import { cleanName } from "@bullpen/domain/text";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { Person } from "../identity.ts";
import type { Catalogue, DirectoryDraft } from "./catalogue.ts";
import type { BotRecord } from "./directory-store.ts";
import { botKey, randomId } from "./names.ts";
import { noteAct, noteBar, personHere, setActive } from "./people.ts";

type Input<N extends "createBot" | "updateBot" | "redeemBot" | "setBotActive"> = ActionInput<"directory", N>;

/** The bots of this server, as committed: who they are is in the feed with people, what they may do is here. */
export class Bots {
	readonly #byId = new Map<string, BotRecord>();
	readonly #byToken = new Map<string, BotRecord>();

	/** Call with every one that is kept. */
	keep(record: BotRecord): void {
		const before = this.#byId.get(record.userId);
		if (before?.tokenHash != null) this.#byToken.delete(before.tokenHash);
		this.#byId.set(record.userId, record);
		if (record.tokenHash !== null) this.#byToken.set(record.tokenHash, record);
	}

	get(userId: string): BotRecord | undefined {
		return this.#byId.get(userId);
	}

	withToken(tokenHash: string): BotRecord | undefined {
		return this.#byToken.get(tokenHash);
	}

	get all(): BotRecord[] {
		return [...this.#byId.values()].sort((one, other) => one.createdAt - other.createdAt);
	}
}

export const listBots = (catalogue: Catalogue): ActionOutput<"directory", "getBots"> => ({
	bots: catalogue.bots.all.map(viewOf),
});

/** @throws Problem `text_*` `name_taken` · `busy` when there are as many as a server may have */
export async function createBot(
	catalogue: Catalogue,
	{ userId: by }: Person,
	{ name: raw, scopes }: Input<"createBot">,
): Promise<ActionOutput<"directory", "createBot">> {
	const { limits, now, peers, writer } = catalogue;
	const name = cleanName(raw, limits.personNameCharsMax);
	const userId = randomId("b-");
	const { token, tokenHash } = newToken();
	await peers.create("userInbox", userId, "rooms").init();
	const record = await writer.write((draft) => {
		const { botsMax } = limits;
		if (catalogue.bots.all.length >= botsMax) {
			throw new Problem("busy", `A server has at most ${botsMax} bots.`, { botsMax });
		}
		refuseTaken(catalogue, name, userId);
		const at = now();
		draft.put<PersonRow>({ kind: "person", id: userId, name, role: "guest", bot: true });
		noteAct(catalogue, draft, { type: "bot-created", by, userId, scopes });
		return put(draft, { kind: "bot", userId, scopes, createdBy: by, createdAt: at, tokenHash, tokenMadeAt: at });
	});
	return { bot: viewOf(record), token };
}

/**
 * What a token may do is in the tickets it gets: after a change of its scopes the connections it holds end, and it comes
 * back with others.
 * @throws Problem `text_*` `name_taken` `not_found` `busy`
 */
export async function updateBot(
	catalogue: Catalogue,
	{ userId: by }: Person,
	{ userId, name: raw, scopes }: Input<"updateBot">,
): Promise<ActionOutput<"directory", "updateBot">> {
	const name = raw === undefined ? undefined : cleanName(raw, catalogue.limits.personNameCharsMax);
	let isLimited = false;
	const after = await catalogue.writer.write((draft) => {
		const before = botHere(catalogue, userId, draft);
		const row = personHere(catalogue, userId, draft);
		if (name !== undefined && name !== row.name) {
			refuseTaken(catalogue, name, userId);
			draft.put<PersonRow>({ ...row, name });
			noteAct(catalogue, draft, { type: "bot-renamed", by, userId, from: row.name, to: name });
		}
		if (scopes === undefined || isSame(scopes, before.scopes)) return before;
		isLimited = true;
		noteAct(catalogue, draft, { type: "bot-scopes-changed", by, userId, from: before.scopes, to: scopes });
		noteBar(catalogue, draft, userId);
		return put(draft, { ...before, scopes });
	});
	if (isLimited) await catalogue.bars.tell(userId);
	return { bot: viewOf(after) };
}

/** @throws Problem `not_found` `busy` */
export async function renewToken(
	catalogue: Catalogue,
	{ userId: by }: Person,
	{ userId }: { userId: string },
): Promise<ActionOutput<"directory", "renewBotToken">> {
	const { token, tokenHash } = newToken();
	const after = await catalogue.writer.write((draft) => {
		const before = botHere(catalogue, userId, draft);
		noteAct(catalogue, draft, { type: "bot-token-made", by, userId });
		if (before.tokenHash !== null) noteBar(catalogue, draft, userId);
		return put(draft, { ...before, tokenHash, tokenMadeAt: catalogue.now() });
	});
	await catalogue.bars.tell(userId);
	return { bot: viewOf(after), token };
}

/** Answers when nothing that came by the token is open any more. @throws Problem `not_found` `busy` */
export async function revokeToken(
	catalogue: Catalogue,
	{ userId: by }: Person,
	{ userId }: { userId: string },
): Promise<void> {
	await catalogue.writer.write((draft) => {
		const before = botHere(catalogue, userId, draft);
		if (before.tokenHash === null) return;
		noteAct(catalogue, draft, { type: "bot-token-revoked", by, userId });
		noteBar(catalogue, draft, userId);
		put(draft, { ...before, tokenHash: null, tokenMadeAt: null });
	});
	await catalogue.bars.tell(userId);
}

/** A bot is closed and opened again as an account is. @throws Problem `not_found` `busy` */
export async function setBotActive(
	catalogue: Catalogue,
	{ userId: by }: Person,
	{ userId, isActive }: Input<"setBotActive">,
): Promise<void> {
	if (catalogue.bots.get(userId) === undefined) throw noSuchBot();
	await setActive(catalogue, { userId, isActive, by });
}

/** Whose token this is, and what it may. That it was used is kept now and then. @throws Problem `unauthenticated` `busy` */
export async function redeemBot(
	catalogue: Catalogue,
	{ tokenHash }: Input<"redeemBot">,
): Promise<ActionOutput<"directory", "redeemBot">> {
	const record = catalogue.bots.withToken(tokenHash);
	const row = record && catalogue.table.get("person", record.userId);
	if (record === undefined || row?.kind !== "person" || row.deactivatedAt !== undefined) throw tokenIsClosed();
	const now = catalogue.now();
	const waitMs = catalogue.bars.openAgainAt(record.userId) - now;
	if (waitMs > 0) throw new Problem("busy", "What this bot had open is being closed. Try again.", { waitMs });
	if (now - (record.usedAt ?? 0) >= catalogue.limits.botUseKeptMs) {
		await catalogue.writer.write((draft) => {
			const current = botHere(catalogue, record.userId, draft);
			if (current.tokenHash !== tokenHash) throw tokenIsClosed();
			put(draft, { ...current, usedAt: now });
		});
	}
	return { userId: record.userId, name: row.name, scopes: [...record.scopes] };
}

/** @throws Problem `not_found` */
export function checkBot(catalogue: Catalogue, userId: string): ActionOutput<"directory", "checkBot"> {
	const row = catalogue.bots.get(userId) && catalogue.table.get("person", userId);
	if (row?.kind !== "person") throw noSuchBot();
	const commands = (row.commands ?? []).map(({ name }) => name);
	return { isActive: row.deactivatedAt === undefined, name: row.name, commands };
}

/** @throws Problem `forbidden` for who is no bot · `busy` */
export function setCommands(
	catalogue: Catalogue,
	{ userId }: Person,
	{ commands }: ActionInput<"directory", "setCommands">,
): Promise<void> {
	if (catalogue.bots.get(userId) === undefined) throw new Problem("forbidden", "Only bots have commands.");
	return catalogue.writer.write((draft) => {
		const row = personHere(catalogue, userId, draft);
		if (JSON.stringify(row.commands ?? []) !== JSON.stringify(commands)) draft.put<PersonRow>({ ...row, commands });
	});
}

function put(draft: DirectoryDraft, record: BotRecord): BotRecord {
	draft.note(botKey(record.userId), record);
	return record;
}

function botHere({ bots }: Catalogue, userId: string, draft: DirectoryDraft): BotRecord {
	const noted = draft.noted(botKey(userId));
	const record = noted?.kind === "bot" ? noted : bots.get(userId);
	if (record === undefined) throw noSuchBot();
	return record;
}

/** Nobody passes for somebody else, a program least of all. */
function refuseTaken({ table }: Catalogue, name: string, userId: string): void {
	const { rows } = table.snapshot(Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY);
	const key = nameKey(name);
	const isTaken = rows.some((row) => row.kind === "person" && row.id !== userId && nameKey(row.name) === key);
	if (isTaken) throw new Problem("name_taken", "Somebody here already has that name.", { name });
}

function newToken(): { token: string; tokenHash: string } {
	const token = `bpb_${Array.from(randomBytes(32), (byte) => BASE32[byte & 31]).join("")}`;
	return { token, tokenHash: createHash("sha256").update(token).digest("hex") };
}

const viewOf = ({ userId, scopes, createdBy, createdAt, tokenMadeAt, usedAt }: BotRecord): BotView => ({
	userId,
	scopes: [...scopes],
	createdBy,
	createdAt,
	tokenMadeAt,
	usedAt: usedAt ?? null,
});

const isSame = (some: readonly BotScope[], others: readonly BotScope[]): boolean =>
	some.length === others.length && some.every((scope) => others.includes(scope));
const noSuchBot = (): Problem => new Problem("not_found", "There is no such bot on this server.");
/** RFC 4648's alphabet: five bits each. */
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
