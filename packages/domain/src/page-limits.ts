/** Those of `LIMITS` that a room's page needs at its first visit: it would load all numbers of an object for one of them. */
export const PAGE_LIMITS = {
	messageTextCharsMax: 10_000,
	/** People that one message calls upon by name; further names call upon nobody. */
	mentionsPerMessageMax: 50,
	historyPageDefault: 50,
	changesPageDefault: 200,
	transcriptPageDefault: 100,
	retentionMessagesMax: 250_000,
	/** Slash commands. */
	commandsPerBotMax: 20,
	commandTextCharsMax: 100,
	commandArgsCharsMax: 4_000,
	typingEveryMs: 3_000,
	typingExpiresMs: 6_000,
	/** How long a page that is looked at says so for: it says it again in half of that. */
	deviceUseMs: 90_000,
	clientFrameBytesMax: 1024 * 1024,
	reconnectAfterMs: 5_000,
} as const;
