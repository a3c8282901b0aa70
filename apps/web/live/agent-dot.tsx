import { Dot, type Tone } from "../ui/badge.tsx";

const LOOKS: Readonly<Record<string, { tone: Tone; isLive: boolean; words: string }>> = {
	off: { tone: "plain", isLive: false, words: "Asleep" },
	starting: { tone: "info", isLive: true, words: "Starting" },
	idle: { tone: "accent", isLive: false, words: "Ready" },
	running: { tone: "info", isLive: true, words: "Working" },
	waiting_permission: { tone: "attention", isLive: true, words: "Needs an answer" },
	broken: { tone: "danger", isLive: false, words: "Broken" },
};
const UNKNOWN = { tone: "plain", isLive: false, words: "Not opened yet" } as const;

/** How an agent's state looks and reads, everywhere. */
export const agentLook = (state: string | undefined) => LOOKS[state ?? ""] ?? UNKNOWN;

export function AgentDot({ state }: { state: string | undefined }) {
	const { tone, isLive } = agentLook(state);
	return <Dot key={state} tone={tone} isLive={isLive} />;
}
