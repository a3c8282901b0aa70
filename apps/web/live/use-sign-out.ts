"use client";
import { useEffect, useRef } from "react";
import { notify } from "../ui/toast.tsx";
import { useLive } from "./live.tsx";
import { usePush } from "./use-push.ts";

const CHANNEL = "bullpen.signed-out";

/** Ends the session of this browser. Its other tabs are that person's no more, and leave as well. */
export function useSignOut(): () => void {
	const { inbox } = useLive();
	const { push } = usePush();
	const others = useRef<BroadcastChannel>(null);
	useEffect(() => {
		const channel = new BroadcastChannel(CHANNEL);
		channel.onmessage = () => void inbox.drafts.leave().then(leavePage);
		others.current = channel;
		return () => channel.close();
	}, [inbox]);
	return () => {
		Promise.all([inbox.drafts.leave(), push.end()])
			.then(endSession)
			.then(
				() => {
					others.current?.postMessage(null);
					leavePage();
				},
				() => notify("You are still signed in. Check your connection and try again.", "error"),
			);
	};
}

async function endSession(): Promise<void> {
	const { ok, status } = await fetch("/api/auth/sign-out", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: "{}",
	});
	if (!ok) throw new Error(`signing out was answered with ${status}`);
}

/** A whole new page: nothing of this person stays in memory. */
function leavePage(): void {
	location.assign("/sign-in");
}
