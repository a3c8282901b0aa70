"use client";
import { useState } from "react";
import { wordsFor } from "./words.ts";

/** One act at a time, with what it was refused for in words. Answers whether it was done. */
export function useAct(): {
	isBusy: boolean;
	error: string | null;
	run: (act: () => Promise<unknown>) => Promise<boolean>;
} {
	const [state, setState] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null });
	const run = async (act: () => Promise<unknown>): Promise<boolean> => {
		setState({ isBusy: true, error: null });
		try {
			await act();
			setState({ isBusy: false, error: null });
			return true;
		} catch (error) {
			setState({ isBusy: false, error: wordsFor(error) });
			return false;
		}
	};
	return { ...state, run };
}
