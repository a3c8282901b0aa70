"use client";
import { DoorClosed, SquareTerminal, Trash2 } from "lucide-react";
import { DeadEnd, FailedScreen, LoadingScreen } from "../../ui/screen-states.tsx";
import { Workspace } from "./workspace.tsx";
import type { WorkspaceModel } from "./workspace-data.ts";

export function WorkspaceScreen({ model, linkedId }: { model: WorkspaceModel; linkedId: number | null }) {
	const { data, verbs } = model;
	switch (data.phase) {
		case "loading":
			return <LoadingScreen icon={<SquareTerminal />} label="Loading the transcript" isColumn />;
		case "closed":
			return (
				<DeadEnd icon={<DoorClosed />} title="This workspace is not open to you" href="/w" way="All workspaces">
					It may be private, or it may not exist. Its owner can invite you.
				</DeadEnd>
			);
		case "deleted":
			return (
				<DeadEnd icon={<Trash2 />} title={`${data.by} deleted “${data.name}”`} href="/w" way="All workspaces">
					Its transcript and its files are gone for everybody.
				</DeadEnd>
			);
		case "failed":
			return (
				<FailedScreen title="The workspace could not be opened" reason={data.reason} onRetry={verbs.retryOpening} />
			);
		case "open":
			return (
				<Workspace
					key={data.workspace.session.workspaceId}
					workspace={data.workspace}
					me={model.me}
					personOf={model.personOf}
					verbs={verbs}
					linkedId={linkedId}
				/>
			);
	}
}
