"use client";
import { ConnectionLost } from "@bullpen/client/refusal";
import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import type { ChangeList } from "@bullpen/domain/changes";
import { useCallback, useEffect, useState } from "react";
import { fileWords } from "../files/file-words.ts";

export interface ChangesShown {
	readonly list: ChangeList | null;
	readonly problem: string | null;
	readonly isLoading: boolean;
	/** Raised with each look: what was opened of a file is read again. */
	readonly look: number;
	readonly reload: () => Promise<void>;
}

/** What changed since the workspace began, kept up to date while it is shown: at most one look at a time, and one after it. */
export function useChanges(tree: WorkspaceTree): ChangesShown {
	const [shown, setShown] = useState<Omit<ChangesShown, "reload">>({
		list: null,
		problem: null,
		isLoading: true,
		look: 0,
	});
	const read = useCallback(async () => {
		setShown((before) => ({ ...before, isLoading: true }));
		try {
			const list = await tree.changes();
			setShown((before) => ({ list, problem: null, isLoading: false, look: before.look + 1 }));
		} catch (error) {
			// A lost connection is told elsewhere, and this is read again after it.
			const problem = error instanceof ConnectionLost ? null : fileWords(error);
			setShown((before) => ({ ...before, isLoading: false, problem }));
		}
	}, [tree]);
	useEffect(() => {
		let isLooking = false;
		let isWanted = false;
		const look = async () => {
			isWanted = true;
			if (isLooking) return;
			isLooking = true;
			while (isWanted) {
				isWanted = false;
				await read();
			}
			isLooking = false;
		};
		void look();
		const stop = tree.onChanged(() => void look());
		return () => {
			isWanted = false;
			stop();
		};
	}, [tree, read]);
	return { ...shown, reload: read };
}
