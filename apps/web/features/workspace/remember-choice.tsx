import type { RememberScope } from "@bullpen/domain/permission";
import { useId } from "react";
import { Select } from "../../ui/select.tsx";
import { scopeWords } from "./remembered-words.ts";

interface RememberChoiceProps {
	toolKind: string | undefined;
	scopes: readonly RememberScope[];
	scope: RememberScope;
	onScope: (scope: RememberScope) => void;
	isRemembered: boolean;
	onRemembered: (isRemembered: boolean) => void;
	/** The agent's own answer that is for always: what that is remembered for is said here too. */
	always: string | undefined;
}

/** Whether a yes is remembered, and for what. */
export function RememberChoice(props: RememberChoiceProps) {
	const { toolKind, scopes, scope, isRemembered, always } = props;
	const id = useId();
	const [only] = scopes.length === 1 ? scopes : [];
	return (
		<div className="mt-2.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-text-muted text-xs">
			<input
				id={id}
				type="checkbox"
				checked={isRemembered}
				onChange={(event) => props.onRemembered(event.target.checked)}
				className="size-3.5 accent-accent pointer-coarse:size-5"
			/>
			<label htmlFor={id}>Remember a yes for</label>
			{only ? (
				<span className="font-medium text-text">{scopeWords(toolKind, only)}</span>
			) : (
				<Select
					size="xs"
					aria-label="What a yes is remembered for"
					value={scope}
					onChange={(event) => {
						const chosen = scopes.find((one) => one === event.target.value);
						if (chosen) props.onScope(chosen);
					}}
				>
					{scopes.map((one) => (
						<option key={one} value={one}>
							{scopeWords(toolKind, one)}
						</option>
					))}
				</Select>
			)}
			<span>in this workspace{always && `, as with “${always}”`}.</span>
		</div>
	);
}
