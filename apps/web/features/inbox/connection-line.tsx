import { Dot } from "../../ui/badge.tsx";

export type ConnectionState = "connecting" | "live" | "reconnecting" | "offline" | "refused";

const LOOKS = {
	connecting: { tone: "info", words: "Connecting" },
	live: { tone: "accent", words: "Connected" },
	reconnecting: { tone: "attention", words: "Reconnecting" },
	offline: { tone: "danger", words: "Offline" },
	refused: { tone: "danger", words: "Signed out" },
} as const;

export function ConnectionLine({ state }: { state: ConnectionState }) {
	const { tone, words } = LOOKS[state];
	return (
		<div role="status" aria-label="Connection" className="flex h-6 items-center gap-2 px-4.5 text-text-faint text-xs">
			<Dot tone={tone} isLive={state === "connecting" || state === "reconnecting"} />
			{words}
		</div>
	);
}
