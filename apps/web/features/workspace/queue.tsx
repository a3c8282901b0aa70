"use client";
import { editorOf } from "@bullpen/domain/prompt-rules";
import type { PromptRow } from "@bullpen/domain/workspace";
import { Pause, Play } from "lucide-react";
import { useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { OutgoingPrompts } from "./outgoing-prompts.tsx";
import { OvertakenEdit, PromptEditor } from "./prompt-editor.tsx";
import { QueueRow } from "./queue-row.tsx";
import { useDragOrder } from "./use-drag-order.ts";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

interface QueueProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}

/** What waits, in the order in which it runs: moved, edited, removed and sent by whoever may. */
export function Queue({ workspace, me, personOf, verbs }: QueueProps) {
	const { queue, outgoing, canPrompt, session } = workspace;
	const [editing, setEditing] = useState<{ promptId: string; text: string } | null>(null);
	const [moved, setMoved] = useState<{ promptId: string; at: number } | null>(null);
	const move = (promptId: string, at: number) => {
		const others = queue.filter(({ id }) => id !== promptId);
		const to = Math.max(0, Math.min(others.length, at));
		setMoved({ promptId, at: to });
		verbs.movePrompt(promptId, others[to - 1]?.id ?? null);
	};
	const drag = useDragOrder(
		queue.map(({ id }) => id),
		move,
	);
	const isGone = editing !== null && !queue.some(({ id }) => id === editing.promptId);
	const mayChange = (prompt: PromptRow) => canPrompt && (prompt.userId === me || workspace.isOwner);
	const nameOf = (userId: string | undefined) => (userId === undefined ? null : personOf(userId).name);
	const row = (prompt: PromptRow, index: number) => (
		<QueueRow
			key={prompt.id}
			prompt={prompt}
			place={{ index, count: queue.length }}
			author={personOf(prompt.userId)}
			editor={nameOf(editorOf(prompt))}
			mayChange={mayChange(prompt)}
			isNewlyMoved={moved?.promptId === prompt.id}
			drag={drag}
			onMove={(at) => move(prompt.id, at)}
			onEdit={() => setEditing({ promptId: prompt.id, text: prompt.text })}
			onSendNow={() => verbs.sendNow(prompt.id)}
			onRemove={() => verbs.removePrompt(prompt.id)}
			fileContent={verbs.promptFiles.content}
		>
			{editing?.promptId === prompt.id && (
				<PromptEditor
					draft={editing.text}
					current={prompt.text}
					changedBy={personOf(prompt.edited?.by ?? prompt.userId).name}
					onChange={(text) => setEditing({ promptId: prompt.id, text })}
					onSave={(text) => verbs.editPrompt(prompt.id, text)}
					onEnd={() => setEditing(null)}
				/>
			)}
		</QueueRow>
	);
	return (
		<>
			<div className="mb-3 flex items-center gap-2">
				<p className="min-w-0 flex-1 text-text-faint text-xs">
					{session.paused
						? `Paused by ${personOf(session.paused.by).name}`
						: queue.length > 0
							? "Runs one after the other, from the top."
							: "Prompts sent while the agent works line up here."}
				</p>
				{canPrompt && (
					<Button size="sm" onClick={session.paused ? verbs.resumeQueue : verbs.pauseQueue}>
						{session.paused ? <Play className="size-3.5" /> : <Pause className="size-3.5" />}
						{session.paused ? "Resume" : "Pause"}
					</Button>
				)}
			</div>
			{isGone && (
				<OvertakenEdit
					text={editing.text}
					onQueue={() => {
						if (verbs.prompt(editing.text) === null) setEditing(null);
					}}
					onDiscard={() => setEditing(null)}
				/>
			)}
			{queue.length > 0 && (
				<ol aria-label="Queued prompts" className="space-y-2">
					{queue.map(row)}
				</ol>
			)}
			<OutgoingPrompts outgoing={outgoing} onRetry={verbs.retry} onDiscard={verbs.discard} />
			<Announcer
				id={moved && `${moved.promptId} ${moved.at}`}
				text={moved ? `Moved to place ${moved.at + 1} of ${queue.length}` : ""}
			/>
		</>
	);
}
