"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

/** What is open: what somebody chose for one thing, else what they chose for all, else what is usual for it. */
export interface Folds {
	readonly all: boolean | null;
	readonly chosen: ReadonlyMap<string, boolean>;
}
const NOTHING_CHOSEN: Folds = { all: null, chosen: new Map() };

interface FoldVerbs {
	readonly folds: Folds;
	readonly choose: (keys: readonly string[], isOpen: boolean) => void;
	readonly chooseAll: (isOpen: boolean) => void;
}

/** Kept beside the list, which takes rows away and brings them back. */
export function useFolds(): FoldVerbs {
	const [folds, setFolds] = useState(NOTHING_CHOSEN);
	return useMemo(
		() => ({
			folds,
			choose: (keys, isOpen) =>
				setFolds(({ all, chosen }) => ({
					all,
					chosen: new Map([...chosen, ...keys.map((key) => [key, isOpen] as const)]),
				})),
			chooseAll: (isOpen) => setFolds({ all: isOpen, chosen: new Map() }),
		}),
		[folds],
	);
}

const FoldsContext = createContext<FoldVerbs>({
	folds: NOTHING_CHOSEN,
	choose: () => undefined,
	chooseAll: () => undefined,
});

export function FoldsProvider({ verbs, children }: { verbs: FoldVerbs; children: ReactNode }) {
	return <FoldsContext value={verbs}>{children}</FoldsContext>;
}

/** Whether one thing is open, and what turns it over. */
export function useFold(key: string, isOpenAtFirst: boolean): [boolean, () => void] {
	const { folds, choose } = useContext(FoldsContext);
	const isOpen = folds.chosen.get(key) ?? folds.all ?? isOpenAtFirst;
	return [isOpen, () => choose([key], !isOpen)];
}
