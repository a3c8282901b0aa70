"use client";
import { useState } from "react";

interface Attempt {
	isBusy: boolean;
	/** Why the last one was refused, in words. */
	refusal: string | null;
	/** `attempt` says why not, in words, or null when it is done. */
	run: (attempt: () => Promise<string | null>) => Promise<void>;
}

/** One attempt at a time, as often as it takes: `onDone` once it is not refused. */
export function useAttempt(onDone: () => void): Attempt {
	const [isBusy, setBusy] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const run = async (attempt: () => Promise<string | null>) => {
		setBusy(true);
		const refused = await attempt();
		setBusy(false);
		setRefusal(refused);
		if (refused === null) onDone();
	};
	return { isBusy, refusal, run };
}
