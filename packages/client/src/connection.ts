import type { ActorName } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import type { ActionInput, ActionName, ActionOutput, EventName, EventPayload } from "@bullpen/domain/wire";
import type { ActorConnRaw } from "rivetkit/client";
import { CLIENT_LIMITS, type ClientLimits, type Clock, systemClock } from "./limits.ts";
import { ConnectionLost, problemIn } from "./refusal.ts";

/** One connection to one actor, open or not. */
export interface Connection<A extends ActorName> {
	readonly isOpen: boolean;
	onOpenChange(listener: (isOpen: boolean) => void): () => void;
	/** @throws Problem when it is refused, `ConnectionLost` when nobody knows what became of it. */
	call<N extends ActionName<A>>(name: N, input?: ActionInput<A, N>): Promise<ActionOutput<A, N>>;
	on<N extends EventName<A>>(name: N, listener: (payload: EventPayload<A, N>) => void): () => void;
}

/** What is used of RivetKit's connection, typed by a registry or not. Its `on` is checked when it is wrapped. */
export type RivetConnection = Pick<ActorConnRaw, "action" | "connStatus" | "onStatusChange">;

export interface ConnectionOptions {
	/** A call had no answer in time: the connection is dead, however open it looks. */
	readonly onSilent?: (() => void) | undefined;
	readonly limits?: ClientLimits | undefined;
	readonly clock?: Clock | undefined;
}

/**
 * Wraps a connection of RivetKit. Answers and events are typed by `domain/wire.ts` without being parsed again: they come
 * from our own server, and a client must outlive the fields a newer server adds.
 */
export const connectionOf = <A extends ActorName>(
	_actor: A,
	raw: RivetConnection,
	{ onSilent, limits = CLIENT_LIMITS, clock = systemClock }: ConnectionOptions = {},
): Connection<A> => {
	if (!hasEvents(raw)) throw new TypeError("This is not a connection: it has no events.");
	let isOpen = raw.connStatus === "connected";
	const listeners = new Set<(isOpen: boolean) => void>();
	const setOpen = (now: boolean): void => {
		if (now === isOpen) return;
		isOpen = now;
		for (const listener of [...listeners]) listener(now);
	};
	raw.onStatusChange((status) => {
		// RivetKit 2.3.19 tells of "connected" before it subscribes again; a call made now would overtake that.
		if (status === "connected") queueMicrotask(() => setOpen(raw.connStatus === "connected"));
		else setOpen(false);
	});
	// Not for calls of a connection that is already given up: they would take down the next one.
	const silent = (): void => {
		if (isOpen) onSilent?.();
	};

	return {
		get isOpen() {
			return isOpen;
		},
		onOpenChange: (listener) => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		call: async <N extends ActionName<A>>(name: N, input?: ActionInput<A, N>): Promise<ActionOutput<A, N>> => {
			// RivetKit would keep the call and make it whenever it is connected again, long after it was given up here.
			if (!isOpen) throw new ConnectionLost("There is no connection.");
			const args = input === undefined ? [] : [input];
			refuseOversized(name, args, limits.frameBytesMax);
			const answer = raw.action<unknown[], ActionOutput<A, N>>({ name, args });
			return await answered(answer, limits.callMs, clock, silent);
		},
		on: (name, listener) => raw.on(name, listener),
	};
};

const hasEvents = (raw: RivetConnection): raw is RivetConnection & Pick<ActorConnRaw, "on"> =>
	"on" in raw && typeof raw.on === "function";

/** The connection would be closed for a frame above the limit, and everything else on it with it. */
const refuseOversized = (name: string, args: readonly unknown[], bytesMax: number): void => {
	const text = JSON.stringify({ body: { tag: "ActionRequest", val: { id: ["$BigInt", "9".repeat(16)], name, args } } });
	if (text.length * 3 <= bytesMax) return;
	const bytes = new TextEncoder().encode(text).length;
	if (bytes > bytesMax) throw new Problem("frame_too_large", "This is too much to send at once.", { bytes, bytesMax });
};

const answered = <T>(answer: Promise<T>, ms: number, clock: Clock, silent: () => void): Promise<T> =>
	new Promise((resolve, reject) => {
		const cancel = clock.after(ms, () => {
			reject(new ConnectionLost("There was no answer in time."));
			silent();
		});
		answer.then(
			(value) => {
				cancel();
				resolve(value);
			},
			(error: unknown) => {
				cancel();
				reject(problemIn(error) ?? new ConnectionLost("The call was cut off.", { cause: error }));
			},
		);
	});
