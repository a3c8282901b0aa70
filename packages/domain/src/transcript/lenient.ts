import { z } from "zod";

/** Fields of messages that others own: what has another type than expected counts as absent. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const anything = z.unknown().optional();
export const list = lenient(z.array(z.unknown()));
export const text = lenient(z.string());
export const record = lenient(z.record(z.string(), z.unknown()));
export const count = lenient(z.number().min(0));

export const TITLE_BYTES_MAX = 500;
export const PATH_BYTES_MAX = 1_024;
export const JSON_BYTES_MAX = 4_096;
