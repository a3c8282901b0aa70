import { z } from "zod";
import { AttachInput, AttachOutput, DetachInput, ForwardInput, ListenInput } from "../relay.ts";

/** An action takes at most one argument, parsed by `input`, and answers with `output`. */
export interface ActionShape {
	readonly input: z.ZodType;
	readonly output: z.ZodType;
}
export interface ActorShape {
	readonly actions: Readonly<Record<string, ActionShape>>;
	readonly events: Readonly<Record<string, z.ZodType>>;
}

/** An action called without an argument (an absent, `null` or empty one is the same). */
export const Nothing = z.strictObject({}).nullish();
export const Done = z.strictObject({ ok: z.literal(true) });
export const action = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** From our own edges, to every actor (`relay.ts`). `forward` answers when its calls were started; their answers are ops. */
export const relayed = {
	attach: action(AttachInput, AttachOutput),
	detach: action(DetachInput, Done),
	forward: action(ForwardInput, Done),
	listen: action(ListenInput, Done),
};
