import type { Delivery, Hook, HookList } from "@bullpen/domain/webhook";
import type { HookVerbs } from "../../features/room/hooks/hook-verbs.ts";

const AT = new Date().setHours(9, 30, 0, 0) - 86_400_000;
const MINUTE_MS = 60_000;

export const BOTS = [
	{ id: "builds", name: "Builds", isOnline: true },
	{ id: "on-call", name: "On call", isOnline: false },
];
export const personOf = (id: string) =>
	BOTS.find((bot) => bot.id === id) ?? { id, name: "Ada Lovelace", isOnline: true };

const made = (id: string, name: string) => ({ id: `h-${id.padStart(30, "0")}`, name, createdBy: "ada", createdAt: AT });
const incoming = (id: string, name: string, more: object = {}) =>
	({ type: "incoming", ...made(id, name), botId: "builds", ...more }) as Hook;
const outgoing = (id: string, name: string, url: string, more: object = {}) =>
	({ type: "outgoing", ...made(id, name), url, events: ["message.added"], ...more }) as Hook;

export const ARCHIVE_HOOK = outgoing("1", "Archive", "https://archive.example.com/hooks/4f3a");
const stopped = (reason: string) => ({ stopped: { at: AT, reason } });

/** One of each state that a webhook can be in. */
export const MANY_HOOKS: HookList["hooks"] = [
	{ hook: incoming("2", "Continuous integration", { usedAt: AT }) },
	{ hook: incoming("3", "Old deploy script", { disabledAt: AT }) },
	{ hook: ARCHIVE_HOOK, progress: { waiting: 0 } },
	{
		hook: outgoing("4", "Issue tracker of the other team", "https://hooks.tracker.internal.example.com/v2/in"),
		progress: { waiting: 214, failingSince: AT, retryAt: AT + 12 * MINUTE_MS },
	},
	{ hook: outgoing("5", "Paused", "https://example.com/x", stopped("by-person")), progress: { waiting: 0 } },
	{ hook: outgoing("6", "Statistics", "https://stats.example.com", stopped("failed-too-long")) },
	{ hook: outgoing("7", "Echo", "https://echo.example.com", stopped("too-far-behind")) },
];

const ANSWERS: readonly Partial<Delivery>[] = [
	{ status: 200, tookMs: 84 },
	{ outcome: "retried", status: 503, tookMs: 1_204, attempt: 2 },
	{ outcome: "retried", failure: "not-reached", tookMs: 9 },
	{ event: "reaction.changed", status: 204, tookMs: 61 },
	{ event: "message.edited", outcome: "retried", failure: "timed-out", tookMs: 10_000, attempt: 11 },
	{ event: "message.deleted", outcome: "given-up", status: 410, tookMs: 40, attempt: 14 },
	{ outcome: "given-up", failure: "address-refused", tookMs: 3 },
	{ outcome: "given-up", failure: "name-unknown", tookMs: 12, attempt: 3 },
];
const DELIVERIES: readonly Delivery[] = ANSWERS.map((answer, at) => ({
	...{ id: 900 - at, eventId: `e-${at}`, event: "message.added", attempt: 1, tookMs: 50, outcome: "delivered" },
	...{ at: Date.now() - at * 190 * MINUTE_MS },
	...answer,
}));

/** A room's webhooks as a settings sheet asks for them. */
export function hookVerbs({
	hooks = [],
	...verbs
}: Partial<Pick<HookVerbs, "getHooks" | "getDeliveries">> & { hooks?: HookList["hooks"] } = {}): HookVerbs {
	return {
		getHooks: async () => hooks,
		createHook: async ({ type, name }) => ({
			hook: type === "incoming" ? incoming("8", name) : outgoing("8", name, "https://example.com/hook"),
			secret: `whsec_${"4f3a".repeat(11)}`,
		}),
		getDeliveries: async () => ({ deliveries: [...DELIVERIES], hasMore: true }),
		setHookActive: async () => "That did not work. Try again in a moment.",
		removeHook: async () => null,
		...verbs,
	} as HookVerbs;
}
