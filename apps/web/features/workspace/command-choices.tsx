import type { SessionRow } from "@bullpen/domain/workspace";

type Command = NonNullable<SessionRow["commands"]>[number];
const SHOWN_MAX = 8;

interface CommandChoicesProps {
	commands: readonly Command[];
	/** What is written so far. */
	text: string;
	onChoose: (text: string) => void;
}

/** The agent's own commands that fit a prompt which begins with a slash. */
export function CommandChoices({ commands, text, onChoose }: CommandChoicesProps) {
	const fitting = fittingCommands(commands, text);
	if (fitting.length === 0) return null;
	return (
		<ul aria-label="Commands of the agent" className="max-h-56 overflow-y-auto pb-1">
			{fitting.map(({ name, description, hint }) => (
				<li key={name}>
					<button
						type="button"
						className="flex w-full min-w-0 items-baseline gap-2.5 rounded-sm px-2 py-1 text-start text-sm hover:bg-hover pointer-coarse:py-2.5"
						onClick={() => onChoose(`/${name} `)}
					>
						<span className="shrink-0 font-mono text-xs">/{name}</span>
						<span className="truncate text-text-muted text-xs">
							{description}
							{hint && ` (${hint})`}
						</span>
					</button>
				</li>
			))}
		</ul>
	);
}

/** Those that begin with the one word written so far. */
function fittingCommands(commands: readonly Command[], text: string): readonly Command[] {
	const begun = /^\/([^\s/]*)$/.exec(text)?.[1];
	return begun === undefined
		? []
		: commands.filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase())).slice(0, SHOWN_MAX);
}
