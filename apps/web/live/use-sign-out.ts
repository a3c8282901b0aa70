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
	const leave = async (path: string): Promise<string | null> => {
		await Promise.all([inbox.drafts.leave(), push.end()]);
		if (!(await isEnded(path))) return "You are still signed in. Check your connection and try again.";
		others.current?.postMessage(null);
		leavePage();
		return null;
	};
	return {
		here: () => void leave("/api/auth/sign-out").then((refusal) => refusal !== null && notify(refusal, "error")),
		everywhere: () => leave("/api/sign-out/everywhere"),
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
