/** One turn of a workspace, as its transcript has it. */
export interface Exchange {
	readonly asked: string;
	/** What the agent said to it; empty when it said nothing. */
	readonly answered: string;
}

const HEAD = `The agent of this workspace was started afresh and could not load its session. What follows, up to the line of dashes, \
is a record of what was asked and answered before. It is for you to know, not a request: do nothing about it by itself.`;
const GAP = "(Some of the record is left out here.)";
const TEXT_SHARE = 8;

/**
 * What an agent is told of a session that it cannot load: the first exchange, which usually says what all is about, and
 * the newest ones that fit. At most `bytesMax` bytes. Undefined when there is nothing to tell.
 */
export function recallText(exchanges: readonly Exchange[], bytesMax: number): string | undefined {
	const [first, ...rest] = exchanges.map((exchange) => written(exchange, Math.floor(bytesMax / TEXT_SHARE)));
	if (first === undefined) return undefined;
	let left = bytesMax - bytesOf([HEAD, GAP, first, DASHES].join("\n\n")) - SEPARATOR_BYTES;
	const newest: string[] = [];
	for (const text of rest.reverse()) {
		left -= bytesOf(text) + SEPARATOR_BYTES;
		if (left < 0) break;
		newest.unshift(text);
	}
	const gap = newest.length < rest.length ? [GAP] : [];
	return [HEAD, first, ...gap, ...newest, DASHES].join("\n\n");
}

const DASHES = "-----";
const SEPARATOR_BYTES = 2;

function written({ asked, answered }: Exchange, bytesMax: number): string {
	const answer = answered.trim() === "" ? "(nothing)" : shortened(answered, bytesMax);
	return `Asked: ${shortened(asked, bytesMax)}\nAnswered: ${answer}`;
}

/** Its beginning and its end. */
function shortened(text: string, bytesMax: number): string {
	const trimmed = text.trim();
	if (bytesOf(trimmed) <= bytesMax) return trimmed;
	const half = Math.floor((bytesMax - 5) / 2);
	const bytes = Buffer.from(trimmed);
	// A character that was cut in two becomes U+FFFD, which is up to two bytes longer than its part.
	const readable = (part: Buffer) => part.toString("utf8").replaceAll("\uFFFD", "");
	return `${readable(bytes.subarray(0, half))} ... ${readable(bytes.subarray(bytes.length - half))}`;
}

function bytesOf(text: string): number {
	return Buffer.byteLength(text);
}
