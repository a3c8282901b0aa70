/** What the demo agent remembers of one session: enough to say what was asked before, and to tell it again on load. */
export interface Conversation {
	readonly cwd: string;
	/** Kinds of tools somebody allowed for the rest of the session. */
	readonly allowed: readonly ToolKind[];
	/** Oldest first, the newest `TURNS_MAX`. */
	readonly turns: readonly Turn[];
}

export type ToolKind = "edit" | "execute" | "read" | "search" | "other";

export interface Turn {
	readonly prompt: string;
	/** What the agent said, capped. Missing while the turn runs, or when a process died under it. */
	readonly answer?: string;
}

export const TURNS_MAX = 100;
const TURN_CHARS_MAX = 4_000;

export function newConversation(cwd: string): Conversation {
	return { cwd, allowed: [], turns: [] };
}

export function withPrompt(conversation: Conversation, prompt: string): Conversation {
	const turns = [...conversation.turns, { prompt: prompt.slice(0, TURN_CHARS_MAX) }];
	return { ...conversation, turns: turns.slice(-TURNS_MAX) };
}

/** Adds the answer to the newest turn. */
export function withAnswer(conversation: Conversation, answer: string): Conversation {
	const last = conversation.turns.at(-1);
	if (!last) return conversation;
	return {
		...conversation,
		turns: [...conversation.turns.slice(0, -1), { ...last, answer: answer.slice(0, TURN_CHARS_MAX) }],
	};
}

/** What was allowed stays allowed: it is not a part of the talk. */
export function withoutTurns(conversation: Conversation): Conversation {
	return { ...conversation, turns: [] };
}

export function withAllowed(conversation: Conversation, kind: ToolKind): Conversation {
	return conversation.allowed.includes(kind)
		? conversation
		: { ...conversation, allowed: [...conversation.allowed, kind] };
}

/** Tokens are guessed as characters / 4. The demo's "context window" is as made up as its model. */
export function usage(conversation: Conversation): { used: number; size: number } {
	const chars = conversation.turns.reduce((sum, turn) => sum + turn.prompt.length + (turn.answer?.length ?? 0), 0);
	return { used: Math.ceil(chars / 4), size: (TURNS_MAX * TURN_CHARS_MAX * 2) / 4 };
}

/** Undefined unless it is one: the file it comes from lies where anybody in the sandbox can write. */
export function readConversation(json: string): Conversation | undefined {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		return undefined; // cut short or overwritten: not a conversation
	}
	if (!isRecord(value) || typeof value.cwd !== "string" || !Array.isArray(value.turns)) return undefined;
	const turns: Turn[] = [];
	for (const turn of value.turns.slice(-TURNS_MAX)) {
		if (!isRecord(turn) || typeof turn.prompt !== "string") return undefined;
		const prompt = turn.prompt.slice(0, TURN_CHARS_MAX);
		turns.push(typeof turn.answer === "string" ? { prompt, answer: turn.answer.slice(0, TURN_CHARS_MAX) } : { prompt });
	}
	const kept: unknown[] = Array.isArray(value.allowed) ? value.allowed : [];
	const allowed = (["edit", "execute"] as const).filter((kind) => kept.includes(kind));
	return { cwd: value.cwd, allowed, turns };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
