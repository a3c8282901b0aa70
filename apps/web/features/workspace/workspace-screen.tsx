"use client";
import { DoorClosed, PanelRight, Sparkles, Square, SquareTerminal, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { AgentDot, agentLook } from "../../live/agent-dot.tsx";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { AvatarStack } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Banner } from "../../ui/banner.tsx";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink, IconButton } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { FirstPrompt } from "./first-prompt.tsx";
import { Panel } from "./panel.tsx";
import { PermissionCard } from "./permission-card.tsx";
import { Transcript } from "./transcript.tsx";
import { WorkspaceComposer } from "./workspace-composer.tsx";
import type { OpenWorkspace, WorkspaceModel, WorkspaceVerbs } from "./workspace-data.ts";

export function WorkspaceScreen({ model }: { model: WorkspaceModel }) {
	const { data, verbs } = model;
	switch (data.phase) {
		case "loading":
			return (
				<>
					<PageHeader icon={<SquareTerminal />} title={null} />
					<div className="flex flex-1 flex-col justify-end pb-24">
						<SkeletonRows label="Loading the transcript" count={4} />
					</div>
				</>
			);
		case "closed":
			return (
				<Blank
					icon={<DoorClosed />}
					title="This workspace is not open to you"
					actions={
						<ButtonLink variant="primary" href="/r/general">
							Go to #general
						</ButtonLink>
					}
				>
					It may be private, or it may not exist. Its owner can invite you.
				</Blank>
			);
		case "failed":
			return (
				<Blank
					icon={<TriangleAlert />}
					tone="danger"
					title="The workspace could not be opened"
					actions={
						<Button variant="primary" onClick={verbs.retryOpening}>
							Try again
						</Button>
					}
				>
					{data.reason}
				</Blank>
			);
		case "open":
			return (
				<Workspace
					key={data.workspace.session.workspaceId}
					workspace={data.workspace}
					me={model.me}
					personOf={model.personOf}
					verbs={verbs}
				/>
			);
	}
}

interface WorkspaceProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}

function Workspace({ workspace, me, personOf, verbs }: WorkspaceProps) {
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
				<Header
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

interface HeaderProps {
	workspace: OpenWorkspace;
	isPanelOpen: boolean;
	onTogglePanel: () => void;
	onStop: () => void;
}

function Header({ workspace, isPanelOpen, onTogglePanel, onStop }: HeaderProps) {
	const { session, people, runningTurn, canPrompt } = workspace;
	const here = people.filter((person) => person.isOnline);
	const agent = session.agent === "demo" ? "Demo agent" : session.agent;
	return (
		<PageHeader
			icon={<SquareTerminal />}
			title={session.name}
			beside={
				<>
					<Badge>
						<Sparkles className="size-3" aria-hidden="true" />
						{agent}
					</Badge>
					<StateChip state={session.state} />
				</>
			}
			below={
				<span className="flex items-center gap-1.5">
					<AgentDot state={session.state} />
					{agent} · {agentLook(session.state).words}
				</span>
			}
		>
			{runningTurn !== null && canPrompt && (
				<Button size="sm" aria-label="Stop the agent" onClick={onStop}>
					<Square className="size-3 fill-current text-danger" aria-hidden="true" />
					Stop
				</Button>
			)}
			<span
				role="img"
				aria-label={`Here: ${here.map((person) => person.name).join(", ")}`}
				className="hidden px-1 sm:block"
			>
				<AvatarStack people={here} />
			</span>
			<IconButton
				label="Plan, queue and people"
				tip="bottom-end"
				size="md"
				aria-pressed={isPanelOpen}
				onClick={onTogglePanel}
			>
				<PanelRight />
			</IconButton>
		</PageHeader>
	);
}

function StateChip({ state }: { state: OpenWorkspace["session"]["state"] }) {
	const { tone, words } = agentLook(state);
	return (
		<Badge tone={tone}>
			<AgentDot state={state} />
			{words}
		</Badge>
	);
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
