import { z } from "zod";
import { UnixMs } from "./id.ts";
import { LIMITS } from "./limits.ts";

/** The one event between an actor and the edges that relay people's connections to it. Its payload is a `RelayedFrame`. */
export const RELAYED = "relayed";

/** A person's relayed connection: random, made by the actor, known to the edge that attached it and to nobody else. */
export const ConnectionId = z.string().min(1).max(64);
/** The edge's own number for a forwarded call, echoed in its answer. */
export const CallId = z.int().min(0);

/** A refusal as RivetKit words it: `group` is `user` for our own `ProblemCode`s. */
export const RelayedRefusal = z.strictObject({
	group: z.string(),
	code: z.string(),
	message: z.string(),
	metadata: z.unknown().optional(),
});
export type RelayedRefusal = z.infer<typeof RelayedRefusal>;
/** The refusal of a call for a connection that is not attached through the link it came by. */
export const NOT_ATTACHED: RelayedRefusal = {
	group: "relay",
	code: "not_attached",
	message: "This connection is not attached here.",
};

/** Somebody new, proven by their own ticket; or somebody whom the same edge attached before, while their lease lasts. */
export const AttachInput = z.strictObject({
	people: z
		.array(
			z.union([
				z.strictObject({ ticket: z.string().max(LIMITS.connParamsBytesMax) }),
				z.strictObject({ connectionId: ConnectionId }),
			]),
		)
		.min(1)
		.max(LIMITS.relayAttachMax),
});
/**
 * One answer for each of `people`, in their order. `told` goes to that connection before anything else: the feed's head as
 * an empty batch, for whoever came back and may have missed something. It travels with the answer because frames may
 * overtake it. For the same reason a `close` may name a connection before the answer does: it counts.
 */
export const AttachOutput = z.strictObject({
	link: z.string(),
	people: z.array(
		z.union([
			z.strictObject({
				connectionId: ConnectionId,
				leaseEndsAt: UnixMs,
				told: z.strictObject({ name: z.string(), args: z.array(z.unknown()) }).optional(),
			}),
			z.strictObject({ refusal: RelayedRefusal }),
		]),
	),
});
export type AttachOutput = z.infer<typeof AttachOutput>;

export const DetachInput = z.strictObject({ connectionIds: z.array(ConnectionId).min(1).max(LIMITS.relayDetachMax) });

/** Calls of people, started in this order. `name` and `args` are theirs as they came: what is wrong with them they hear. */
export const ForwardInput = z.strictObject({
	calls: z
		.array(
			z.strictObject({
				connectionId: z.string(),
				callId: CallId,
				name: z.string(),
				args: z.unknown(),
			}),
		)
		.min(1)
		.max(LIMITS.relayForwardMax),
});
export type ForwardInput = z.infer<typeof ForwardInput>;

/** Every event that somebody behind this edge wants, not only what is new. Until it is said, everything is sent. */
export const ListenInput = z.strictObject({ events: z.array(z.string().max(64)).max(LIMITS.relayEventsMax) });

export const RelayedOp = z.discriminatedUnion("type", [
	/** For `to`, or for everybody attached by this link but `except`; of them, who subscribed to `name`. */
	z.strictObject({
		type: z.literal("event"),
		name: z.string(),
		args: z.array(z.unknown()),
		to: z.array(ConnectionId).optional(),
		except: z.array(ConnectionId).optional(),
	}),
	z.strictObject({ type: z.literal("answer"), callId: CallId, output: z.unknown() }),
	z.strictObject({ type: z.literal("error"), callId: CallId, error: RelayedRefusal }),
	/** The actor has forgotten this connection: the client has to come back with a fresh ticket. */
	z.strictObject({ type: z.literal("close"), connectionId: ConnectionId, reason: z.string() }),
]);
export type RelayedOp = z.infer<typeof RelayedOp>;

/**
 * What happened, in order: JSON text of a list of `RelayedOp`s, in which outputs and arguments are as RivetKit's JSON encoding
 * has them. `n` counts 1, 2, 3 … on each link. The first frame of a link may come before the answer of the call that opened
 * it; another link than before, or a gap (also at the beginning), means that nobody is attached any more.
 */
export const RelayedFrame = z.strictObject({ link: z.string(), n: z.int().min(1), ops: z.string() });
export type RelayedFrame = z.infer<typeof RelayedFrame>;
