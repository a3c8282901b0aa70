"use client";
import { useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { nextQuestion, stateWords } from "./answers-of.ts";
import { FirstPrompt } from "./first-prompt.tsx";
import { Panel } from "./panel.tsx";
import { PinnedPlan } from "./pinned-plan.tsx";
import { Question } from "./question.tsx";
import { reachVerbs } from "./sandbox/reach-verbs.ts";
import { useSidePanel } from "./side/use-side-panel.ts";
import { Transcript } from "./transcript.tsx";
import { useTranscriptPane } from "./use-transcript-pane.tsx";
import { WorkspaceBanners } from "./workspace-banners.tsx";
import { WorkspaceComposer } from "./workspace-composer.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";
import { WorkspaceHeader } from "./workspace-header.tsx";

const AnswersSheet = fetched(() => import("./answers-sheet.tsx"));

interface WorkspaceProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
	/** The line of the transcript that the page's address names. */
	linkedId: number | null;
}

/** A workspace that can be looked into. */
export function Workspace({ workspace, me, personOf, verbs, linkedId }: WorkspaceProps) {
	const panel = useSidePanel();
	const [areAnswersOpen, setAnswersOpen] = useState(false);
	const { session, entries } = workspace;
	const pane = useTranscriptPane(workspace, verbs, personOf, linkedId);
	const isDemo = session.agent === "demo";
	const isPlanBeside = panel.isOpen && panel.isBeside && panel.tab.id === "plan";
	const isEmpty = entries.length === 0 && workspace.older === "none";

	return (
		<div className="flex min-h-0 flex-1">
			<div className="flex min-w-0 flex-1 flex-col">
				<WorkspaceHeader
					workspace={workspace}
					panel={panel}
					me={me}
					personOf={personOf}
					verbs={verbs}
					onStop={verbs.cancelTurn}
					onPolicy={verbs.setPolicy}
					onOpenAnswers={() => setAnswersOpen(true)}
				>
					{!isEmpty && pane.tools}
				</WorkspaceHeader>
				<WorkspaceBanners
					workspace={workspace}
					personOf={personOf}
					reach={reachVerbs(workspace, verbs)}
					onShowSandbox={() => panel.open("sandbox")}
					onResume={verbs.resumeQueue}
					onRestore={verbs.restore}
				/>
				{pane.bars}
				{workspace.plan && !isPlanBeside && <PinnedPlan entries={workspace.plan} />}
				{isEmpty ? (
					<FirstPrompt isDemo={isDemo} onTry={workspace.canPrompt ? verbs.prompt : null} />
				) : (
					<Transcript
						workspace={workspace}
						me={me}
						personOf={personOf}
						verbs={verbs}
						folds={pane.folds}
						found={pane.found}
						intro={
							<p className="mx-auto w-full max-w-200 px-4 text-sm text-text-faint md:px-6">
								This is where {session.name} begins.
							</p>
						}
					/>
				)}
				<div className="mx-auto w-full max-w-200 md:px-1">
					<Question workspace={workspace} me={me} personOf={personOf} verbs={verbs} />
					{workspace.canPrompt ? (
						<WorkspaceComposer
							workspaceId={session.workspaceId}
							typingNames={workspace.typing.map((person) => person.name)}
							willQueue={workspace.runningTurn !== null || workspace.queue.length > 0}
							isPaused={session.paused !== undefined}
							commands={session.commands}
							initialText=""
							files={verbs.promptFiles}
							onPrompt={verbs.prompt}
							onTyping={verbs.setTyping}
						/>
					) : (
						<p className="px-5 py-4 text-center text-sm text-text-muted">
							{session.archived ? "This workspace is archived." : "You are watching this workspace."}
						</p>
					)}
				</div>
			</div>
			<Panel panel={panel} workspace={workspace} me={me} personOf={personOf} verbs={verbs} />
			{areAnswersOpen && (
				<AnswersSheet
					workspace={workspace}
					personOf={personOf}
					onRevoke={verbs.revokeRule}
					readAudit={verbs.readAudit}
					onClose={() => setAnswersOpen(false)}
				/>
			)}
			<Announcer
				id={`${session.state}-${nextQuestion(workspace, me)?.permission.id ?? ""}`}
				text={spoken(workspace, me)}
			/>
		</div>
	);
}

function spoken(workspace: OpenWorkspace, me: string): string {
	const question = nextQuestion(workspace, me);
	return question ? `The agent asks: ${question.permission.title}` : `Agent: ${stateWords(workspace, me)}`;
}
