import type { AgentChoice, AgentChoices, ChoiceKind } from "@bullpen/domain/agent-choices";
import { shortText } from "@bullpen/domain/transcript/agent-text";
import type { SessionRecord } from "sandbox-agent";
import { z } from "zod";

const OPTIONS_MAX = 60;
const ID_BYTES_MAX = 200;
const NAME_BYTES_MAX = 80;
const DESCRIPTION_BYTES_MAX = 160;

/** ACP's `SessionConfigOption` of type `select`; values may be in groups. */
const Value = z.looseObject({
	value: z.string().min(1),
	name: z.string().catch(""),
	description: z.string().nullish(),
});
const Option = z.looseObject({
	id: z.string(),
	category: z.string().nullish(),
	currentValue: z.string(),
	options: z.array(z.union([Value, z.looseObject({ options: z.array(Value) })])),
});
/** What the protocol calls them. */
const CATEGORIES: Readonly<Record<string, ChoiceKind>> = { mode: "mode", model: "model", thought_level: "effort" };

/** What an agent said that can be chosen, in our words. An option that is not of a known kind is left out. */
export function readChoices({ modes, configOptions }: Pick<SessionRecord, "modes" | "configOptions">): AgentChoices {
	const choices: AgentChoices = {};
	for (const raw of configOptions ?? []) {
		const option = Option.safeParse(raw);
		if (!option.success) continue;
		const { id, category, currentValue, options } = option.data;
		const kind = CATEGORIES[category ?? id];
		if (kind === undefined || choices[kind] !== undefined) continue;
		const values = options.flatMap((one) => ("value" in one ? [Value.parse(one)] : z.array(Value).parse(one.options)));
		choices[kind] = { current: currentValue, options: values.slice(0, OPTIONS_MAX).map(choiceOf) };
	}
	if (modes && modes.availableModes.length > 0) {
		const options = modes.availableModes.slice(0, OPTIONS_MAX);
		choices.mode = {
			current: modes.currentModeId,
			options: options.map(({ id, name, description }) => choiceOf({ value: id, name, description })),
		};
	}
	return choices;
}

function choiceOf({ value, name, description }: z.infer<typeof Value>): AgentChoice {
	return {
		id: shortText(value, ID_BYTES_MAX),
		name: shortText(name || value, NAME_BYTES_MAX),
		...(description ? { description: shortText(description, DESCRIPTION_BYTES_MAX) } : {}),
	};
}
