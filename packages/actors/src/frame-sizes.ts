import { LIMITS } from "@bullpen/domain/limits";

const bytesMax = LIMITS.clientFrameBytesMax + LIMITS.relayWrapBytesMax;

/** The frames of a registry, in bytes: a person's, and what an edge wraps around it. */
export const FRAME_SIZES = { maxIncomingMessageSize: bytesMax, maxOutgoingMessageSize: bytesMax } as const;
