"use client";
import { Problem } from "@bullpen/domain/problem";
import { notify } from "../ui/toast.tsx";
import { wordsFor } from "./words.ts";

/** Why it was refused, in words, or null when it is done. */
export const refusalOf = (done: Promise<unknown>): Promise<string | null> => done.then(() => null, wordsFor);

/** The same of what is known at once. */
export function refusalAtOnce(act: () => unknown): string | null {
	try {
		act();
		return null;
	} catch (error) {
		if (error instanceof Problem) return wordsFor(error);
		throw error;
	}
}

/** Says why something was refused where no place of its own does. */
export const complain = (error: unknown): void => notify(wordsFor(error), "error");
