import { LIMITS } from "@bullpen/domain/limits";
import type { Message, SendMessageInput } from "@bullpen/domain/message";
import { deleted, pinnedOrNot } from "@bullpen/domain/message-rules";
import { Problem } from "@bullpen/domain/problem";
import type { History, MemberRow, RoomFeedRow, RoomRow } from "@bullpen/domain/room";
import { checkThreadRoot, followed, replied, replyDeleted } from "@bullpen/domain/thread-rules";
import type { ActionInput } from "@bullpen/domain/wire";
import { FakeConnection } from "./fake-connection.ts";

/** Whether the line carries a message in this direction right now. */
export interface Weather {
	/** The call reaches the room. */
	arrives(): boolean;
	/** Its answer comes back. */
	answers(): boolean;
	/** A broadcast reaches this client. */
	hears(): boolean;
}
const FAIR: Weather = { arrives: () => true, answers: () => true, hears: () => true };

/** A room that keeps its promises (gapless ids, permanent nonces, one commit at a time), on a line that need not. */
export class FakeRoom {
	epoch = "e1";
	version = 0;
	floorSeq = 1;
	weather: Weather = FAIR;
	readonly rows = new Map<string, RoomFeedRow>();
	readonly online = new Set<string>();
	/** Every message that ever was, as it was sent: permanent, as nonces are. */
	readonly #sent: Message[] = [];
	#seq = 0;
	#now = 0;
	#connections: { connection: FakeConnection<"chatRoom">; userId: string }[] = [];

	constructor(memberIds: readonly string[]) {
		this.commit([this.#room()]);
		this.commit(memberIds.map((id) => this.member(id, "joined")));
	}

	get messages(): Message[] {
		const messages = [...this.rows.values()].filter((row) => row.kind === "message");
		return messages.filter(({ id }) => id >= this.floorSeq).sort((a, b) => a.id - b.id);
	}

	connect(userId: string): FakeConnection<"chatRoom"> {
		const carried = async <T>(act: () => T): Promise<T> => {
			if (!this.weather.arrives()) return await new Promise<T>(() => {});
			const answer = act();
			return this.weather.answers() ? answer : await new Promise<T>(() => {});
		};
		const connection = new FakeConnection<"chatRoom">({
			getRoom: () => carried(() => this.#view(userId)),
			getHistory: (input) => carried(() => this.#history(userId, input ?? {})),
			getMessages: ({ ids }) => carried(() => this.#some(userId, ids)),
			changesSince: (input) => carried(() => this.#changes(userId, input)),
			sendMessage: (input) => carried(() => this.send(userId, input)),
			editMessage: ({ id, text }) => carried(() => this.edit(id, text)),
			deleteMessage: ({ id }) => carried(() => this.remove(id)),
			setPinned: ({ id, pinned }) => carried(() => this.pin(id, pinned, userId)),
			followThread: ({ id, isFollowing }) => carried(() => this.#follow(id, isFollowing, userId)),
			setTyping: () => carried(() => ({ ok: true as const })),
			join: () =>
				carried(() => {
					this.commit([this.member(userId, "joined")]);
					return this.#view(userId);
				}),
		});
		this.#connections.push({ connection, userId });
		return connection;
	}

	/** One commit: rows get their versions, and those who listen one batch. */
	commit<Row extends RoomFeedRow>(rows: readonly Row[]): Row[] {
		const from = this.version;
		const stored = rows.map((row) => ({ ...row, version: ++this.version }));
		for (const row of stored) this.rows.set(`${row.kind}:${row.id}`, row);
		this.#tell({ from, to: this.version, rows: stored, floorSeq: this.floorSeq });
		return stored;
	}

	send(userId: string, { text, nonce, replyTo, threadOf, alsoInRoom }: SendMessageInput): Message {
		const known = this.#sent.find((message) => message.sender === userId && message.nonce === nonce);
		if (known && nonce !== undefined) return known;
		if (text === "refuse") throw new Problem("text_invalid", "no");
		const root = threadOf === undefined ? undefined : checkThreadRoot(this.find(threadOf));
		const message: Message = {
			kind: "message",
			id: ++this.#seq,
			version: 0,
			sender: userId,
			text,
			timestamp: ++this.#now,
			reactions: [],
			...(nonce ? { nonce } : {}),
			...(replyTo ? { replyTo } : {}),
			...(threadOf ? { threadOf } : {}),
			...(alsoInRoom ? { alsoInRoom } : {}),
		};
		const [stored] = this.commit<Message>([message, ...(root ? [replied(root, message, [], LIMITS)] : [])]);
		this.#sent.push(stored!);
		return stored!;
	}

	find(id: number): Message | undefined {
		const row = this.rows.get(`message:${id}`);
		return row?.kind === "message" ? row : undefined;
	}

	remove(id: number): Message {
		const message = this.#known(id);
		if (message.deletedAt !== undefined) return message;
		const root = message.threadOf === undefined ? undefined : this.find(message.threadOf);
		const tombstone = deleted(message, message.sender, "member", ++this.#now);
		return this.commit<Message>([tombstone, ...(root ? [replyDeleted(root)] : [])])[0]!;
	}

	pin(id: number, pinned: boolean, by: string): Message {
		return this.commit<Message>([pinnedOrNot(this.#known(id), pinned, by, ++this.#now)])[0]!;
	}

	get pinnedIds(): number[] {
		return this.messages.filter(({ pinned }) => pinned !== undefined).map(({ id }) => id);
	}

	#follow(id: number, isFollowing: boolean, by: string): Message {
		return this.commit<Message>([followed(this.find(id), by, isFollowing, LIMITS)])[0]!;
	}

	#known(id: number): Message {
		const known = this.find(id);
		if (known === undefined) throw new Problem("not_found", "no");
		return known;
	}

	sentBy(userId: string): string[] {
		return this.#sent.filter(({ sender }) => sender === userId).map(({ text }) => text);
	}

	edit(id: number, text: string): Message {
		return this.commit<Message>([{ ...this.#known(id), text, editedAt: ++this.#now }])[0]!;
	}

	prune(to: number): void {
		this.floorSeq = Math.max(this.floorSeq, Math.min(to, this.#seq + 1));
		for (const row of [...this.rows.values()]) {
			if (row.kind === "message" && row.id < this.floorSeq) this.rows.delete(`message:${row.id}`);
		}
		this.#tell({ from: this.version, to: this.version, rows: [], floorSeq: this.floorSeq });
	}

	member(id: string, status: MemberRow["status"]): MemberRow {
		return { kind: "member", id, version: 0, role: "member", status, changedAt: ++this.#now };
	}

	#tell(batch: { from: number; to: number; rows: RoomFeedRow[]; floorSeq: number }): void {
		for (const { connection, userId } of this.#connections) {
			if (this.#isMember(userId) && this.weather.hears()) connection.emit("roomChanged", batch);
		}
	}

	#isMember(userId: string): boolean {
		const row = this.rows.get(`member:${userId}`);
		return row?.kind === "member" && row.status === "joined";
	}

	#head(): { seq: number; version: number; epoch: string } {
		return { seq: this.#seq, version: this.version, epoch: this.epoch };
	}

	#room(): RoomRow {
		const room = { kind: "room", id: "general", version: 0, name: "general", topic: "" } as const;
		return { ...room, visibility: "public", createdBy: null, createdAt: 0 };
	}

	#view(userId: string) {
		const members = [...this.rows.values()].filter((row) => row.kind === "member" && row.status === "joined");
		const room = this.rows.get("room:general");
		if (room?.kind !== "room") throw new Error("the room is gone");
		return {
			room,
			members: members.filter((row) => row.kind === "member"),
			me: members.find((row): row is MemberRow => row.id === userId) ?? null,
			onlineUserIds: [...this.online],
			head: this.#head(),
			floorSeq: this.floorSeq,
			pinnedIds: this.pinnedIds,
		};
	}

	#history(userId: string, page: NonNullable<ActionInput<"chatRoom", "getHistory">>): History {
		if (!this.#isMember(userId)) throw new Problem("not_member", "no");
		const { before = Number.MAX_SAFE_INTEGER, after, threadOf, limit = 50 } = page;
		const all = this.messages.filter((message) => threadOf === undefined || message.threadOf === threadOf);
		const rest = all.filter(({ id }) => (after === undefined ? id < before : id > after));
		const messages = after === undefined ? rest.slice(-limit) : rest.slice(0, limit);
		return { messages, head: this.#head(), floorSeq: this.floorSeq, hasMore: rest.length > messages.length };
	}

	#some(userId: string, ids: readonly number[]) {
		if (!this.#isMember(userId)) throw new Problem("not_member", "no");
		const all = this.messages.filter(({ id }) => ids.includes(id));
		const messages = all.slice(0, 2);
		return { messages, head: this.#head(), floorSeq: this.floorSeq, isWhole: messages.length === all.length };
	}

	#changes(
		userId: string,
		{ version, epoch, limit = 200 }: { version: number; epoch?: string | undefined; limit?: number | undefined },
	) {
		if (!this.#isMember(userId)) throw new Problem("not_member", "no");
		const { floorSeq } = this;
		if (version > this.version || (epoch !== undefined && epoch !== this.epoch)) {
			return { rows: [], to: this.version, caughtUp: true, reset: true as const, floorSeq };
		}
		const missed = [...this.rows.values()].filter((row) => row.version > version).sort((a, b) => a.version - b.version);
		const rows = missed.slice(0, limit);
		const caughtUp = rows.length === missed.length;
		return { rows, to: caughtUp ? this.version : rows.at(-1)!.version, caughtUp, floorSeq };
	}
}
