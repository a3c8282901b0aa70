import type { PersonOf } from "../../live/person.ts";
import { Button } from "../../ui/button.tsx";
import { namesOf } from "./audit-words.tsx";
import { ruleWords } from "./remembered-words.ts";
import type { OpenWorkspace } from "./workspace-data.ts";

interface RuleListProps {
	rules: OpenWorkspace["rules"];
	canRevoke: boolean;
	personOf: PersonOf;
	onRevoke: (ruleId: string) => void;
}

/** Remembered answers, and the way to take them back. */
export function RuleList({ rules, canRevoke, personOf, onRevoke }: RuleListProps) {
	if (rules.length === 0) {
		return <p className="text-sm text-text-faint">Nothing. Every question of the agent is asked.</p>;
	}
	return (
		<ul aria-label="Remembered answers" className="space-y-2">
			{rules.map(({ rule, isInForce }) => (
				<li
					key={rule.id}
					className="flex items-start gap-2 rounded-md bg-sunken px-2.5 py-2 ring-1 ring-line ring-inset"
				>
					<div className="min-w-0 flex-1">
						<p className="text-sm">
							{ruleWords(rule)}
							{rule.target !== undefined && (
								<code className="ms-1.5 rounded-xs bg-selected px-1 py-0.5 font-mono text-xs [overflow-wrap:anywhere]">
									{rule.target}
								</code>
							)}
						</p>
						<p className="mt-0.5 text-text-faint text-xs">
							Allowed by {namesOf(rule.by, personOf)}
							{!isInForce && <span className="text-attention-text">. Not in force under who answers now.</span>}
						</p>
					</div>
					{canRevoke && (
						<Button
							size="sm"
							aria-label={`Take back: ${ruleWords(rule)} ${rule.target ?? ""}`}
							onClick={() => onRevoke(rule.id)}
						>
							Take back
						</Button>
					)}
				</li>
			))}
		</ul>
	);
}
