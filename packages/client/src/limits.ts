import { PAGE_LIMITS } from "@bullpen/domain/page-limits";

/** Every duration and size of the client. Times are milliseconds. Tests pass their own copy. */
export const CLIENT_LIMITS = {
	frameBytesMax: PAGE_LIMITS.clientFrameBytesMax,
	typingEveryMs: PAGE_LIMITS.typingEveryMs,
	typingExpiresMs: PAGE_LIMITS.typingExpiresMs,
	/** Without a connection for this long, the attempt is given up and begun anew. */
	connectMs: PAGE_LIMITS.reconnectAfterMs,
	/** Without a connection for this long, it is asked in another way why. */
	diagnoseMs: 1_500,
	/** A connection that held this long was a good one: the next loss is the first again. */
	stableMs: 10_000,
	backoffMinMs: 500,
	backoffMaxMs: 15_000,
	/** A call without an answer for this long means a dead connection, however open it looks. */
	callMs: 10_000,
	/** How often an idle feed asks whether it missed something. */
	checkMs: 30_000,
	/** How long an acknowledged change may take to arrive by itself. */
	arrivalMs: 500,
	readRetryMinMs: 300,
	readRetryMaxMs: 5_000,
	/** Screens are told at most this often. */
	notifyMs: 50,
	markReadMs: 300,
	/** Whether somebody looks at a page is told this long after it changed, and again while they do. */
	useSayMs: 500,
	useSayAgainMs: PAGE_LIMITS.deviceUseMs / 2,
	/** What is being written is told this often, and kept of so many places. */
	draftSaveMs: 1_000,
	draftsKept: 100,
	/** Signing out waits so long for what the inbox was not told yet. */
	draftsLeaveMs: 2_000,
	outboxMax: 100,
	/** A ticket is not presented in its last moments. */
	ticketMarginMs: 20_000,
	ticketsPerRequest: 20,
	/** Messages or items held of one actor; above it the oldest are let go and can be loaded again. */
	windowMax: 20_000,
	historyPage: PAGE_LIMITS.historyPageDefault,
	transcriptPage: PAGE_LIMITS.transcriptPageDefault,
	/** Found messages held at once, pages without one before the reader is asked, and passing refusals in a row. */
	searchHitsMax: 1_000,
	searchEmptyPagesMax: 5,
	searchRefusalsMax: 4,
	bufferRowsMax: 2_000,
	pageRows: PAGE_LIMITS.changesPageDefault,
	catchUpPagesMax: 25,
} as const;

export type ClientLimits = { readonly [Name in keyof typeof CLIENT_LIMITS]: number };

/** Time and chance, so that tests own them. */
export interface Clock {
	now(): number;
	/** Runs once after `ms`; the answer cancels it. */
	after(ms: number, run: () => void): () => void;
	/** From 0 up to 1. */
	random(): number;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	after: (ms, run) => {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
	random: () => Math.random(),
};
