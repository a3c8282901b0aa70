"use client";
import { CloudOff, LogIn, RefreshCw } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ConnectionState } from "../../live/link-states.ts";
import { useLive } from "../../live/live.tsx";
import { Dot } from "../../ui/badge.tsx";
import { Banner } from "../../ui/banner.tsx";
import { Link } from "../../ui/link.tsx";

const LOOKS = {
	connecting: { tone: "info", words: "Connecting" },
	live: { tone: "accent", words: "Connected" },
	reconnecting: { tone: "attention", words: "Reconnecting" },
	offline: { tone: "danger", words: "Offline" },
	"signed-out": { tone: "danger", words: "Signed out" },
} as const satisfies Record<ConnectionState, unknown>;

function useConnection(): ConnectionState {
	const { links } = useLive();
	return useSyncExternalStore(links.subscribe, links.getSnapshot, links.getSnapshot);
}

/** At the foot of the sidebar. Screen readers hear of it from the banner's place, which every screen has. */
export function ConnectionLine() {
	const state = useConnection();
	const { tone, words } = LOOKS[state];
	return (
		<div className="flex h-6 items-center gap-2.5 px-4 text-text-faint text-xs" aria-hidden="true">
			<Dot tone={tone} isLive={state === "connecting" || state === "reconnecting"} />
			{words}
		</div>
	);
}

/** A blink of the network is not worth a banner. */
const PATIENCE_MS = 1_200;

export function ConnectionBanner() {
	const state = useConnection();
	const isLost = useLasting(state === "reconnecting" || state === "offline", PATIENCE_MS);
	return (
		<>
			<span role="status" aria-label="Connection" className="sr-only">
				{LOOKS[state].words}
			</span>
			{state === "signed-out" ? <SignedOut /> : isLost && <Lost isOffline={state === "offline"} />}
		</>
	);
}

function SignedOut() {
	return (
		<Banner tone="danger" role="alert" icon={<LogIn />}>
			You are signed out.{" "}
			<Link href="/sign-in" className="font-medium underline underline-offset-2">
				Sign in again
			</Link>
		</Banner>
	);
}

function Lost({ isOffline }: { isOffline: boolean }) {
	const { links } = useLive();
	return (
		<section aria-label="No connection">
			<Banner
				tone="attention"
				role="note"
				icon={isOffline ? <CloudOff /> : <RefreshCw className="animate-spin [animation-duration:2s]" />}
				action={
					!isOffline && (
						<button type="button" onClick={links.retry} className="rounded-xs font-medium underline underline-offset-2">
							Try now
						</button>
					)
				}
			>
				{isOffline ? "You are offline. " : "Reconnecting… "}
				Messages you send will go out when we are back.
			</Banner>
		</section>
	);
}

/** Whether something has been true for a while. */
function useLasting(isTrue: boolean, ms: number): boolean {
	const [isLasting, setLasting] = useState(false);
	useEffect(() => {
		if (!isTrue) return setLasting(false);
		const timer = setTimeout(() => setLasting(true), ms);
		return () => clearTimeout(timer);
	}, [isTrue, ms]);
	return isLasting;
}
