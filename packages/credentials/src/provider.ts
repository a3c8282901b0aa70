import { UserId } from "@bullpen/domain/id";
import { z } from "zod";

/** Who answers for a model. `openai-compatible` is any other server that speaks OpenAI's APIs; it needs a base URL. */
export const Provider = z.enum(["openai", "anthropic", "openai-compatible"]);
export type Provider = z.infer<typeof Provider>;

/** Where a provider is unless the owner said otherwise: what comes before `/responses`, or `/v1/messages`. */
export const DEFAULT_BASE_URL = {
	openai: "https://api.openai.com/v1",
	anthropic: "https://api.anthropic.com",
	"openai-compatible": undefined,
} as const satisfies Record<Provider, string | undefined>;

/** Whose key it is: everybody's on this server, or one person's. */
export const Payer = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("server") }),
	z.strictObject({ kind: z.literal("person"), userId: UserId }),
]);
export type Payer = z.infer<typeof Payer>;
export const SERVER: Payer = { kind: "server" };
