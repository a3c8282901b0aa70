import type { BotScope } from "@bullpen/domain/bot";

const SCOPES = [
	["read", "Read", "What is said in its rooms, and who is there"],
	["write", "Write", "Messages, and its own status"],
	["react", "React", "Emoji on messages"],
	["commands", "Commands", "Slash commands that it answers"],
] as const satisfies readonly (readonly [BotScope, string, string])[];

/** What a bot may, in a few words. */
export const scopeWords = (scopes: readonly BotScope[]): string =>
	scopes.length === 0
		? "Does nothing by itself"
		: SCOPES.filter(([scope]) => scopes.includes(scope))
				.map(([, name]) => name)
				.join(", ");

interface ScopesProps {
	chosen: readonly BotScope[];
	onChange: (chosen: BotScope[]) => void;
}

export function Scopes({ chosen, onChange }: ScopesProps) {
	return (
		<fieldset>
			<legend className="pb-2 font-medium text-sm">May, in rooms it is invited to</legend>
			<ul className="divide-y divide-line rounded-md border border-line">
				{SCOPES.map(([scope, name, meaning]) => (
					<li key={scope}>
						<label className="flex cursor-pointer items-start gap-3 px-3 py-2 hover:bg-hover">
							<input
								type="checkbox"
								className="mt-0.75 size-4 shrink-0 accent-accent"
								checked={chosen.includes(scope)}
								onChange={({ target }) =>
									onChange(target.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
								}
							/>
							<span>
								<span className="block font-medium text-sm">{name}</span>
								<span className="block text-text-muted text-xs">{meaning}</span>
							</span>
						</label>
					</li>
				))}
			</ul>
		</fieldset>
	);
}
