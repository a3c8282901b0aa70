import type { Limits } from "@bullpen/domain/limits";
import type {
	ListEventsRequest,
	ListPage,
	ListPageRequest,
	SessionEvent,
	SessionPersistDriver,
	SessionRecord,
} from "sandbox-agent";
import { z } from "zod";
import type { Db } from "./db.ts";

export interface PersistDriverOptions {
	readonly db: Db;
	readonly limits: Pick<Limits, "sessionEventsKept" | "agentFlushEveryMs" | "commitBytesMax">;
	/** Every new event once, in order, before it is stored. What it throws is reported, not passed on. */
	onEvent?(event: SessionEvent): void;
	/** A store or listener that failed: the driver keeps what it has and tries again at the next flush. */
	onProblem?(error: unknown): void;
}

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

/**
 * `SessionPersistDriver` of the Sandbox Agent SDK 0.4.2 on an actor's SQLite. Session records are stored at once, events
 * together every `agentFlushEveryMs`: nothing waits for a commit per chunk, and what is read includes what still waits.
 * Of each session the newest `sessionEventsKept` events stay. After `close` nothing is written any more.
 */
export class RivetSessionPersistDriver implements SessionPersistDriver {
	readonly #options: PersistDriverOptions;
	readonly #records = new Map<string, SessionRecord>();
	/** The highest index of each session, stored or waiting. */
	readonly #heads = new Map<string, Promise<{ index: number }>>();
	#waiting: SessionEvent[] = [];
	#timer: NodeJS.Timeout | undefined;
	#flushing: Promise<void> = Promise.resolve();
	#isClosed = false;

	constructor(options: PersistDriverOptions) {
		this.#options = options;
	}

	async getSession(id: string): Promise<SessionRecord | undefined> {
		const known = this.#records.get(id);
		if (known) return structuredClone(known);
		const [row] = await this.#options.db.execute("SELECT record FROM agent_sessions WHERE id = ?", id);
		if (!row) return undefined;
		const record = toRecord(row);
		this.#records.set(id, record);
		return structuredClone(record);
	}

	async listSessions(request: ListPageRequest = {}): Promise<ListPage<SessionRecord>> {
		const limit = pageSize(request.limit);
		const [createdAt, id] = sessionCursor(request.cursor);
		const rows = await this.#options.db.execute(
			`SELECT id, created_at, record FROM agent_sessions
			 WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?`,
			createdAt,
			id,
			limit + 1,
		);
		return page(rows.map(toRecord), limit, (last) => JSON.stringify([last.createdAt, last.id]));
	}

	/** `destroyedAt` is dropped: the SDK sets it when a turn is cancelled and never means it. */
	async updateSession(session: SessionRecord): Promise<void> {
		if (this.#isClosed) return;
		const { destroyedAt: _, ...rest } = session;
		const json = JSON.stringify(rest);
		this.#records.set(session.id, JSON.parse(json));
		await this.#options.db.execute(
			`INSERT INTO agent_sessions (id, created_at, record) VALUES (?, ?, ?)
			 ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
			session.id,
			session.createdAt,
			json,
		);
	}

	async listEvents(request: ListEventsRequest): Promise<ListPage<SessionEvent>> {
		const limit = pageSize(request.limit);
		const after = eventCursor(request.cursor);
		const isAsked = (event: SessionEvent) => event.sessionId === request.sessionId && event.eventIndex > after;
		// Taken before the read: what is stored meanwhile is then there twice, never missing.
		const waiting = this.#waiting.filter(isAsked);
		const rows = await this.#options.db.execute(
			`SELECT session_id, event_index, id, created_at, connection_id, sender, payload FROM agent_events
			 WHERE session_id = ? AND event_index > ? ORDER BY event_index LIMIT ?`,
			request.sessionId,
			after,
			limit + 1,
		);
		const byIndex = new Map([...waiting, ...rows.map(toEvent)].map((event) => [event.eventIndex, event]));
		const events = [...byIndex.values()].sort((a, b) => a.eventIndex - b.eventIndex);
		return page(structuredClone(events.slice(0, limit + 1)), limit, (last) => String(last.eventIndex));
	}

	/** @throws Error `UNIQUE constraint failed: …session_id, …event_index`: at this sentence the SDK takes the next index */
	async insertEvent(sessionId: string, event: SessionEvent): Promise<void> {
		if (this.#isClosed) return;
		const head = await this.#head(sessionId);
		if (event.eventIndex <= head.index && (await this.#isTaken(sessionId, event.eventIndex))) {
			throw new Error("UNIQUE constraint failed: agent_events.session_id, agent_events.event_index");
		}
		head.index = Math.max(head.index, event.eventIndex);
		this.#waiting.push({ ...event, sessionId });
		// While the database is away, only what would be kept anyway is held.
		if (this.#waiting.length > this.#options.limits.sessionEventsKept) this.#waiting.shift();
		this.#timer ??= setTimeout(() => void this.flush(), this.#options.limits.agentFlushEveryMs);
		this.#tell(event);
	}

	/** Stores everything that waits. Never fails: what could not be stored waits for the next time. */
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#flushing = this.#flushing.then(() => this.#store());
		return this.#flushing;
	}

	/** Stores what waits, then takes nothing more. Call it before disposing the SDK, whose last events come too late. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await this.flush();
		clearTimeout(this.#timer);
	}

	async #store(): Promise<void> {
		while (this.#waiting.length > 0) {
			const batch = firstBytes(this.#waiting, this.#options.limits.commitBytesMax);
			try {
				await this.#insert(batch);
			} catch (error) {
				this.#options.onProblem?.(error);
				if (!this.#isClosed) {
					this.#timer ??= setTimeout(() => void this.flush(), this.#options.limits.agentFlushEveryMs);
				}
				return;
			}
			const stored = new Set(batch);
			this.#waiting = this.#waiting.filter((event) => !stored.has(event));
		}
	}

	/** Safe to repeat after a commit whose outcome is unknown. */
	async #insert(batch: readonly SessionEvent[]): Promise<void> {
		const { db, limits } = this.#options;
		await db.execute(
			`INSERT INTO agent_events (session_id, event_index, id, created_at, connection_id, sender, payload)
			 SELECT value ->> 'sessionId', value ->> 'eventIndex', value ->> 'id', value ->> 'createdAt',
				value ->> 'connectionId', value ->> 'sender', value -> 'payload'
			 FROM json_each(?) WHERE true ON CONFLICT (session_id, event_index) DO NOTHING`,
			JSON.stringify(batch),
		);
		for (const sessionId of new Set(batch.map((event) => event.sessionId))) {
			const last = Math.max(...batch.filter((event) => event.sessionId === sessionId).map((event) => event.eventIndex));
			await db.execute(
				"DELETE FROM agent_events WHERE session_id = ? AND event_index <= ?",
				sessionId,
				last - limits.sessionEventsKept,
			);
		}
	}

	#head(sessionId: string): Promise<{ index: number }> {
		const known = this.#heads.get(sessionId);
		if (known) return known;
		const head = this.#options.db
			.execute("SELECT max(event_index) AS head FROM agent_events WHERE session_id = ?", sessionId)
			.then(([row]) => ({ index: Number(row?.head ?? 0) }));
		this.#heads.set(sessionId, head);
		head.catch(() => this.#heads.delete(sessionId));
		return head;
	}

	async #isTaken(sessionId: string, index: number): Promise<boolean> {
		if (this.#waiting.some((event) => event.sessionId === sessionId && event.eventIndex === index)) return true;
		const rows = await this.#options.db.execute(
			"SELECT 1 FROM agent_events WHERE session_id = ? AND event_index = ?",
			sessionId,
			index,
		);
		return rows.length > 0;
	}

	#tell(event: SessionEvent): void {
		try {
			this.#options.onEvent?.(event);
		} catch (error) {
			this.#options.onProblem?.(error);
		}
	}
}

function firstBytes(events: readonly SessionEvent[], bytesMax: number): SessionEvent[] {
	let bytes = 0;
	const fits = events.findIndex((event) => {
		bytes += JSON.stringify(event).length;
		return bytes > bytesMax;
	});
	return events.slice(0, fits < 0 ? events.length : Math.max(1, fits));
}

const Row = z.object({
	session_id: z.string(),
	event_index: z.coerce.number(),
	id: z.string(),
	created_at: z.coerce.number(),
	connection_id: z.string(),
	sender: z.enum(["client", "agent"]),
	payload: z.string(),
});

function toEvent(row: Record<string, unknown>): SessionEvent {
	const { session_id, event_index, id, created_at, connection_id, sender, payload } = Row.parse(row);
	return {
		id,
		eventIndex: event_index,
		sessionId: session_id,
		createdAt: created_at,
		connectionId: connection_id,
		sender,
		payload: JSON.parse(payload),
	};
}

function toRecord(row: Record<string, unknown>): SessionRecord {
	return JSON.parse(z.string().parse(row.record));
}

function pageSize(limit: number | undefined): number {
	return limit !== undefined && Number.isFinite(limit) && limit >= 1
		? Math.min(Math.floor(limit), PAGE_MAX)
		: PAGE_DEFAULT;
}

function page<T>(found: readonly T[], limit: number, cursorOf: (last: T) => string): ListPage<T> {
	const items = found.slice(0, limit);
	const last = items.at(-1);
	return found.length > limit && last !== undefined ? { items, nextCursor: cursorOf(last) } : { items };
}

const SessionCursor = z.tuple([z.number(), z.string()]);

/** A cursor nobody gave out starts at the beginning, as in the SDK's own driver. */
function sessionCursor(cursor: string | undefined): [number, string] {
	try {
		return SessionCursor.parse(JSON.parse(cursor ?? ""));
	} catch {
		return [-1, ""];
	}
}

function eventCursor(cursor: string | undefined): number {
	const index = Number.parseInt(cursor ?? "", 10);
	return Number.isFinite(index) && index > 0 ? index : 0;
}
