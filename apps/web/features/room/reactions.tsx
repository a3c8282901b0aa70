import type { Reaction } from "@bullpen/domain/message";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";

interface ReactionsProps {
	reactions: readonly Reaction[];
	me: string;
	personOf: PersonOf;
	onToggle: ((emoji: string) => void) | undefined;
}

export function Reactions({ reactions, me, personOf, onToggle }: ReactionsProps) {
	if (reactions.length === 0) return null;
	return (
		<ul aria-label="Reactions" className="mt-1.5 mb-1 flex flex-wrap gap-1">
			{reactions.map(({ emoji, userIds }) => {
				const isMine = userIds.includes(me);
				const who = namesOf(userIds, me, personOf);
				return (
					<li key={emoji}>
						<button
							type="button"
							aria-pressed={isMine}
							aria-label={`${emoji} ${userIds.length}, ${who}`}
							title={who}
							disabled={!onToggle}
							onClick={() => onToggle?.(emoji)}
							className={cx(
								"flex h-6.5 items-center gap-1.5 rounded-full px-2 text-sm ring-1 ring-inset transition-colors pointer-coarse:h-8",
								isMine
									? "bg-accent-soft text-accent-text ring-accent/40"
									: "bg-hover text-text-muted ring-transparent hover:ring-line-strong",
							)}
						>
							<span className="font-emoji text-base leading-none">{emoji}</span>
							<span className="font-medium text-xs tabular-nums">{userIds.length}</span>
						</button>
					</li>
				);
			})}
		</ul>
	);
}

const NAMES_MAX = 6;

function namesOf(userIds: readonly string[], me: string, personOf: PersonOf): string {
	const names = userIds.slice(0, NAMES_MAX).map((id) => (id === me ? "you" : personOf(id).name));
	const more = userIds.length - names.length;
	return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
