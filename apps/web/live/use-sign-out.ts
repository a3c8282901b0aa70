"use client";
import { useEffect, useRef } from "react";
import { notify } from "../ui/toast.tsx";
import { useLive } from "./live.tsx";
import { usePush } from "./use-push.ts";

const CHANNEL = "bullpen.signed-out";

interface SignOut {
	/** Ends the session of this browser. */
	readonly here: () => void;
	/** Ends all of them, and what they have open. Answers why not, in words, or null when it is done. */
	readonly everywhere: () => Promise<string | null>;
}

/** The other tabs of a browser are that person's no more then, and leave as well. */
export function useSignOut(): SignOut {
	const { inbox } = useLive();
	const { push } = usePush();
	const others = useRef<BroadcastChannel>(null);
	useEffect(() => {
		const channel = new BroadcastChannel(CHANNEL);
		channel.onmessage = () => void inbox.drafts.leave().then(leavePage);
		others.current = channel;
		return () => channel.close();
	}, [inbox]);
	const leave = async (path: string): Promise<boolean> => {
		await Promise.all([inbox.drafts.leave(), push.end()]);
		if (!(await isEnded(path))) return false;
		others.current?.postMessage(null);
		leavePage();
		return true;
	};
	return {
		here: () =>
			void leave("/api/auth/sign-out").then(
				(isLeft) => isLeft || notify("You are still signed in. Check your connection and try again.", "error"),
			),
		everywhere: async () =>
			(await leave("/api/sign-out/everywhere"))
				? null
				: "Not everything could be ended. Check your connection and try again.",
	};
}

const isEnded = (path: string): Promise<boolean> =>
	fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).then(
		({ ok, status }) => ok || status === 401, // the latter: it had ended already
		() => false, // fetch throws for nothing but the network
	);

/** A whole new page: nothing of this person stays in memory. */
function leavePage(): void {
	location.assign("/sign-in");
}
