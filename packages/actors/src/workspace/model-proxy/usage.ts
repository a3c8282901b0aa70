import { z } from "zod";
import type { Route } from "./route.ts";

/** Tokens of one request, each counted once. */
export interface TokenCounts {
	/** Input at the full price. */
	readonly input: number;
	readonly cacheRead: number;
	readonly cacheWrite: number;
	/** Cache written for an hour, which costs more (Anthropic). */
	readonly cacheWriteLong: number;
	/** Reasoning included. */
	readonly output: number;
}

/** What one part of an answer says. Fields it does not name are left out. */
export interface UsagePart {
	readonly model?: string;
	readonly tokens?: TokenCounts;
	/** A tier, speed or region that has a price of its own. */
	readonly isSpecial: boolean;
	/** Nothing more will be told of it. */
	readonly isFinal: boolean;
}

const Tokens = z.int().min(0).max(1e12).default(0).catch(0);
const RawUsage = z.object({
	input_tokens: Tokens,
	prompt_tokens: Tokens,
	output_tokens: Tokens,
	completion_tokens: Tokens,
	input_tokens_details: z.object({ cached_tokens: Tokens }).nullish().catch(undefined),
	prompt_tokens_details: z.object({ cached_tokens: Tokens }).nullish().catch(undefined),
	cache_read_input_tokens: Tokens,
	cache_creation_input_tokens: Tokens,
	cache_creation: z.object({ ephemeral_1h_input_tokens: Tokens }).nullish().catch(undefined),
	service_tier: z.string().nullish().catch(undefined),
	speed: z.string().nullish().catch(undefined),
	inference_geo: z.string().nullish().catch(undefined),
});
type RawUsage = z.infer<typeof RawUsage>;

const Part = z.object({
	type: z.string().optional().catch(undefined),
	model: z.string().optional().catch(undefined),
	service_tier: z.string().nullish().catch(undefined),
	usage: RawUsage.nullish().catch(undefined),
});
/** Where the APIs put it: at the top, in `response` (events of Responses), in `message` (the first event of Messages). */
const Envelope = Part.extend({
	response: Part.nullish().catch(undefined),
	message: Part.nullish().catch(undefined),
});

const ORDINARY = new Set(["", "auto", "default", "standard", "global", "not_available"]);
const MODEL_CHARS_MAX = 100;

/** Reads one JSON value of an answer: the whole of it, or one event. Undefined when it tells nothing of use. */
export function readUsage(json: string, operation: Route["operation"]): UsagePart | undefined {
	const parsed = Envelope.safeParse(parse(json));
	if (!parsed.success) return undefined;
	const { type, response, message, ...top } = parsed.data;
	const part = top.usage ? top : (response ?? message ?? top);
	const model = part.model?.replaceAll(/[^\x21-\x7e]/g, "").slice(0, MODEL_CHARS_MAX);
	if (!part.usage && !model) return undefined;
	const tokens = part.usage && (operation === "messages" ? ofAnthropic(part.usage) : ofOpenai(part.usage));
	return {
		...(model && { model }),
		...(tokens && { tokens }),
		isSpecial: isSpecial(part.service_tier, part.usage),
		// Some servers answer with zeros instead of counting.
		isFinal: tokens != null && type !== "message_start" && Object.values(tokens).some((count) => count > 0),
	};
}

function ofOpenai(usage: RawUsage): TokenCounts {
	const all = usage.input_tokens || usage.prompt_tokens;
	const details = usage.input_tokens_details ?? usage.prompt_tokens_details;
	const cacheRead = Math.min(all, details?.cached_tokens ?? 0);
	const output = usage.output_tokens || usage.completion_tokens;
	return { input: all - cacheRead, cacheRead, cacheWrite: 0, cacheWriteLong: 0, output };
}

function ofAnthropic(usage: RawUsage): TokenCounts {
	const written = usage.cache_creation_input_tokens;
	const cacheWriteLong = Math.min(written, usage.cache_creation?.ephemeral_1h_input_tokens ?? 0);
	return {
		input: usage.input_tokens,
		cacheRead: usage.cache_read_input_tokens,
		cacheWrite: written - cacheWriteLong,
		cacheWriteLong,
		output: usage.output_tokens,
	};
}

const isSpecial = (tier: string | null | undefined, usage: RawUsage | null | undefined): boolean =>
	[tier, usage?.service_tier, usage?.speed, usage?.inference_geo].some((value) => value && !ORDINARY.has(value));

/** Later parts know more, but do not repeat what they leave out: the end of a message may not name its input. */
export const laterCounts = (before: TokenCounts | undefined, after: TokenCounts): TokenCounts => ({
	input: after.input || before?.input || 0,
	cacheRead: after.cacheRead || before?.cacheRead || 0,
	cacheWrite: after.cacheWrite || before?.cacheWrite || 0,
	cacheWriteLong: after.cacheWriteLong || before?.cacheWriteLong || 0,
	output: Math.max(after.output, before?.output ?? 0),
});

function parse(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined; // a provider's own way of ending a stream, such as [DONE]
	}
}
