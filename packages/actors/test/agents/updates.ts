import type { SessionEvent } from "sandbox-agent";
import { z } from "zod";

const Update = z.looseObject({ sessionUpdate: z.string() });
export type Update = z.infer<typeof Update>;
const Envelope = z.object({ params: z.object({ update: Update }) });
const Words = z.object({ content: z.object({ text: z.string() }) });
const Shown = z.object({ content: z.array(Words) });

/** Everything an agent told of one kind, in order. */
export const updatesOf = (events: readonly SessionEvent[], kind: string): Update[] =>
	events
		.map(({ payload }) => Envelope.safeParse(payload).data?.params.update)
		.filter((update) => update?.sessionUpdate === kind)
		.filter((update) => update !== undefined);

/** The words of an agent's messages. */
export const wordsOf = (events: readonly SessionEvent[]): string =>
	updatesOf(events, "agent_message_chunk")
		.map((update) => Words.parse(update).content.text)
		.join("");

/** What a tool call shows of its output; empty while it shows nothing. */
export const outputOf = (update: Update | undefined): string => Shown.parse(update).content[0]?.content.text ?? "";
