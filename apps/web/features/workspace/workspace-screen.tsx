"use client";
import { DoorClosed, SquareTerminal, Trash2, TriangleAlert } from "lucide-react";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SidebarBar } from "../../ui/shell.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Workspace } from "./workspace.tsx";
import type { WorkspaceModel } from "./workspace-data.ts";

export function WorkspaceScreen({ model, linkedId }: { model: WorkspaceModel; linkedId: number | null }) {
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
				<>
					<SidebarBar />
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
				</>
			);
		case "deleted":
			return (
				<>
					<SidebarBar />
					<Blank
						icon={<Trash2 />}
						title={`${data.by} deleted “${data.name}”`}
						actions={
							<ButtonLink variant="primary" href="/w">
								All workspaces
							</ButtonLink>
						}
					>
						Its transcript and its files are gone for everybody.
					</Blank>
				</>
			);
		case "failed":
			return (
				<>
					<SidebarBar />
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
				</>
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
