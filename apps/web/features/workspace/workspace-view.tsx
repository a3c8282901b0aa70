"use client";
import { useWorkspace } from "./use-workspace.ts";
import { WorkspaceScreen } from "./workspace-screen.tsx";

/** The workspace of a page's address. */
export function WorkspaceView({ workspaceId }: { workspaceId: string }) {
	return <ConnectedWorkspace key={workspaceId} workspaceId={workspaceId} />;
}

function ConnectedWorkspace({ workspaceId }: { workspaceId: string }) {
	return <WorkspaceScreen model={useWorkspace(workspaceId)} />;
}
