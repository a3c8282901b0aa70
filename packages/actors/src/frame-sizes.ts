import { LIMITS } from "@bullpen/domain/limits";

const { clientFrameBytesMax, relayWrapBytesMax } = LIMITS;

/**
 * The frames of a registry, in bytes: a person's, and what an edge wraps around it; and to an edge, which gets them as text, as
 * much again for their quotation marks.
 */
export const FRAME_SIZES = {
	maxIncomingMessageSize: clientFrameBytesMax + relayWrapBytesMax,
	maxOutgoingMessageSize: 2 * clientFrameBytesMax + relayWrapBytesMax,
} as const;
