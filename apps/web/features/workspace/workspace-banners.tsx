import { Archive, CirclePause, Download, TriangleAlert } from "lucide-react";
import { agentTitle } from "../../live/agent-words.ts";
import type { PersonOf } from "../../live/person.ts";
import { Banner } from "../../ui/banner.tsx";
import { Button } from "../../ui/button.tsx";
import { OriginBanner } from "./origin/origin-banner.tsx";
import type { ReachVerbs } from "./sandbox/reach-verbs.ts";
import { RefusedBanner } from "./sandbox/refused-banner.tsx";
import type { OpenWorkspace } from "./workspace-data.ts";

interface WorkspaceBannersProps {
	workspace: OpenWorkspace;
	personOf: PersonOf;
	/** Null for whoever has no say in where the sandbox may go. */
	reach: ReachVerbs | null;
	onShowSandbox: () => void;
	onResume: () => void;
	onRestore: () => void;
}

/** What everybody here should know of the workspace as it is. */
export function WorkspaceBanners({ workspace, personOf, onResume, onRestore, ...props }: WorkspaceBannersProps) {
	const { session, canPrompt, isOwner, queue } = workspace;
	return (
		<>
			<OriginBanner workspace={workspace} />
			{session.archived && (
				<Banner
					tone="info"
					role="note"
					icon={<Archive />}
					action={
						isOwner && (
							<Button size="sm" onClick={onRestore}>
								Restore
							</Button>
						)
					}
				>
					<strong className="font-semibold">{personOf(session.archived.by).name} archived this workspace.</strong> It
					can be read, not changed. {!isOwner && "Its owner can restore it."}
				</Banner>
			)}
			{session.sandboxKind === "virtual" && (
				<Banner tone="attention" role="note" icon={<TriangleAlert />}>
					<strong className="font-semibold">Nothing is run here.</strong> The agent works on files in memory
					{session.sandboxNote ? `: ${session.sandboxNote}` : "."}
				</Banner>
			)}
			{session.state === "broken" && (
				<Banner tone="danger" role="alert" icon={<TriangleAlert />}>
					<strong className="font-semibold">The agent is not running.</strong>{" "}
					{session.problem ?? "It ended unexpectedly."} The next prompt starts it again.
				</Banner>
			)}
			{session.installing !== undefined && (
				<Banner tone="info" icon={<Download />}>
					{agentTitle(session.agent)} is being installed: {Math.round(session.installing * 100)} %. The first prompt
					waits for it.
				</Banner>
			)}
			{session.refusedHosts && !session.archived && (
				<RefusedBanner refused={session.refusedHosts} verbs={props.reach} onShow={props.onShowSandbox} />
			)}
			{session.paused && (
				<Banner
					tone="info"
					icon={<CirclePause />}
					action={
						canPrompt && (
							<Button size="sm" onClick={onResume}>
								Resume
							</Button>
						)
					}
				>
					<strong className="font-semibold">{personOf(session.paused.by).name} paused the queue.</strong>{" "}
					{queue.length === 0
						? "New prompts wait."
						: `${queue.length} ${queue.length === 1 ? "prompt waits" : "prompts wait"}.`}
				</Banner>
			)}
		</>
	);
}
