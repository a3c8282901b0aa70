import type { RememberScope } from "@bullpen/domain/permission";
import { useId } from "react";
import { scopeWords } from "./remembered-words.ts";

interface RememberChoiceProps {
	toolKind: string | undefined;
	scopes: readonly RememberScope[];
	scope: RememberScope;
	onScope: (scope: RememberScope) => void;
	isRemembered: boolean;
	onRemembered: (isRemembered: boolean) => void;
	/** The agent offers an answer that is for always: what that is remembered for is said here too. */
	hasAlways: boolean;
}

/** Whether a yes is remembered, and for what. */
export function RememberChoice(props: RememberChoiceProps) {
	const { toolKind, scopes, scope, isRemembered, hasAlways } = props;
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
				<select
					aria-label="What a yes is remembered for"
					value={scope}
					onChange={(event) => {
						const chosen = scopes.find((one) => one === event.target.value);
						if (chosen) props.onScope(chosen);
					}}
					className="h-6 rounded-sm bg-sunken px-1 font-medium text-text ring-1 ring-line ring-inset pointer-coarse:h-9"
				>
					{scopes.map((one) => (
						<option key={one} value={one}>
							{scopeWords(toolKind, one)}
						</option>
					))}
				</select>
			)}
			<span>in this workspace.{hasAlways && " An answer for always is remembered like this, too."}</span>
		</div>
	);
}
