"use client";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { agentLook } from "../../live/agent-dot.tsx";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { Banner } from "../../ui/banner.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { FirstPrompt } from "./first-prompt.tsx";
import { Panel } from "./panel.tsx";
import { PermissionCard } from "./permission-card.tsx";
import { Transcript } from "./transcript.tsx";
import { WorkspaceComposer } from "./workspace-composer.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";
import { WorkspaceHeader } from "./workspace-header.tsx";

interface WorkspaceProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}

/** A workspace that can be looked into. */
export function Workspace({ workspace, me, personOf, verbs }: WorkspaceProps) {
	const isWide = useMedia("(min-width: 64rem)");
	const [chosenOpen, setChosenOpen] = useState<boolean | null>(null);
	const [tab, setTab] = useState("plan");
	const { session, entries } = workspace;
	const isDemo = session.agent === "demo";
	const isPanelOpen = chosenOpen ?? isWide;
	const isEmpty = entries.length === 0 && workspace.older === "none";

	return (
		<div className="flex min-h-0 flex-1">
			<div className="flex min-w-0 flex-1 flex-col">
				<WorkspaceHeader
					workspace={workspace}
					isPanelOpen={isPanelOpen}
					onTogglePanel={() => setChosenOpen(!isPanelOpen)}
					onStop={verbs.cancelTurn}
				/>
				<Banners workspace={workspace} />
				{isEmpty ? (
					<FirstPrompt isDemo={isDemo} onTry={workspace.canPrompt ? verbs.prompt : null} />
				) : (
					<Transcript
						entries={entries}
						me={me}
						personOf={personOf}
						older={workspace.older}
						intro={
							<p className="mx-auto w-full max-w-200 px-4 text-sm text-text-faint md:px-6">
								This is where {session.name} begins.
							</p>
						}
						onLoadOlder={verbs.loadOlder}
						outputOf={verbs.outputOf}
					/>
				)}
				<div className="mx-auto w-full max-w-200 md:px-1">
					<Question workspace={workspace} verbs={verbs} />
					{workspace.canPrompt ? (
						<WorkspaceComposer
							typingNames={workspace.typing.map((person) => person.name)}
							willQueue={workspace.runningTurn !== null || workspace.queue.length > 0}
							initialText=""
							onPrompt={verbs.prompt}
							onTyping={verbs.setTyping}
						/>
					) : (
						<p className="px-5 py-4 text-center text-sm text-text-muted">You are watching this workspace.</p>
					)}
				</div>
			</div>
			<SidePanel title="About this workspace" isOpen={isPanelOpen} onClose={() => setChosenOpen(false)}>
				<Panel workspace={workspace} me={me} personOf={personOf} verbs={verbs} tab={tab} onTab={setTab} />
			</SidePanel>
			<Announcer id={`${session.state}-${workspace.pending[0]?.id ?? ""}`} text={spoken(workspace)} />
		</div>
	);
}

function spoken({ session, pending }: OpenWorkspace): string {
	const [question] = pending;
	return question ? `The agent asks: ${question.title}` : `Agent: ${agentLook(session.state).words}`;
}

function Banners({ workspace: { session } }: { workspace: OpenWorkspace }) {
	return (
		<>
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
		</>
	);
}

function Question({ workspace, verbs }: { workspace: OpenWorkspace; verbs: WorkspaceVerbs }) {
	const [question, ...others] = workspace.pending;
	if (!question) return null;
	const entry = workspace.entries.findLast((one) => one.type === "tool" && one.tool.toolCallId === question.toolCallId);
	return (
		<div className="px-4 pb-3 md:px-5">
			<PermissionCard
				key={question.id}
				permission={question}
				tool={entry?.type === "tool" ? entry.tool : undefined}
				waiting={others.length}
				canAnswer={workspace.canPrompt}
				onAnswer={(optionId) => verbs.answer(question.id, optionId)}
			/>
		</div>
	);
}
