"use client";
import type { PermissionPolicy } from "@bullpen/domain/permission";
import type { SessionRow } from "@bullpen/domain/workspace";
import { Square, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { AgentDot, agentLook } from "../../live/agent-dot.tsx";
import { agentTitle } from "../../live/agent-words.ts";
import { AvatarStack } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { AgentChip, type AgentChipProps } from "./agent-chip.tsx";
import { stateWords } from "./answers-of.ts";
import { PolicyChip } from "./policy-chip.tsx";
import { SideButtons } from "./side/side-buttons.tsx";
import type { SidePanelControl } from "./side/use-side-panel.ts";
import { costOf, countOf } from "./usage-line.tsx";
import type { OpenWorkspace } from "./workspace-data.ts";

interface WorkspaceHeaderProps extends Pick<AgentChipProps, "me" | "personOf" | "verbs"> {
	workspace: OpenWorkspace;
	panel: SidePanelControl;
	onStop: () => void;
	onPolicy: (policy: PermissionPolicy) => void;
	onOpenAnswers: () => void;
	/** More that can be done here. */
	children: ReactNode;
}

export function WorkspaceHeader({ workspace, panel, onStop, ...props }: WorkspaceHeaderProps) {
	const { session, people, runningTurn, canPrompt } = workspace;
	const here = people.filter((person) => person.isOnline);
	const agent = agentTitle(session.agent);
	return (
		<HeadRoom>
			<PageHeader
				icon={<SquareTerminal />}
				title={session.name}
				subtitle={session.title}
				beside={
					<>
						<span className="hidden @min-[29rem]/head:block">
							<StateChip state={session.state} words={stateWords(workspace, props.me)} />
						</span>
						{session.usage && <UsageBadge usage={session.usage} />}
					</>
				}
				below={
					<span className="flex items-center gap-1.5">
						<AgentDot state={session.state} />
						<span className="truncate">
							{stateWords(workspace, props.me)} · {agent}
						</span>
					</span>
				}
			>
				{runningTurn !== null && canPrompt && (
					<Button size="sm" aria-label="Stop the agent" onClick={onStop}>
						<Square className="size-3 fill-current text-danger" aria-hidden="true" />
						<span className="hidden @min-[29rem]/head:inline">Stop</span>
					</Button>
				)}
				<AgentChip workspace={workspace} me={props.me} personOf={props.personOf} verbs={props.verbs} />
				<PolicyChip
					policy={workspace.policy}
					isOwner={workspace.isOwner}
					onPolicy={props.onPolicy}
					onOpenAnswers={props.onOpenAnswers}
				/>
				<span
					role="img"
					aria-label={`Here: ${here.map((person) => person.name).join(", ")}`}
					className="hidden px-1 @min-[56rem]/head:block"
				>
					<AvatarStack people={here} />
				</span>
				{props.children}
				<SideButtons workspace={workspace} panel={panel} />
			</PageHeader>
		</HeadRoom>
	);
}

/** The name comes first: words of buttons, faces and numbers are here where the header has room for them as well. */
function HeadRoom({ children }: { children: ReactNode }) {
	return <div className="@container/head shrink-0">{children}</div>;
}

function StateChip({ state, words }: { state: OpenWorkspace["session"]["state"]; words: string }) {
	return (
		<Badge tone={agentLook(state).tone}>
			<AgentDot state={state} />
			{words}
		</Badge>
	);
}

/** How full the agent's context is, and what all turns have cost. */
function UsageBadge({ usage: { used, size, cost } }: { usage: NonNullable<SessionRow["usage"]> }) {
	const full = size > 0 ? Math.min(1, used / size) : 0;
	const context = size > 0 ? `${Math.round(full * 100)} % of ${countOf(size)}` : null;
	const money = cost === undefined || cost.amount === 0 ? null : costOf(cost);
	if (context === null && money === null) return null;
	return (
		<span
			title="Context in use, and the cost of all turns as the agent counts it"
			className="hidden @min-[62rem]/head:block"
		>
			<Badge tone={full > 0.85 ? "attention" : "plain"}>
				<span className="tabular-nums">
					{context}
					<span className={context === null ? undefined : "hidden @min-[72rem]/head:inline"}>
						{context !== null && money !== null && " · "}
						{money}
					</span>
				</span>
			</Badge>
		</span>
	);
}
