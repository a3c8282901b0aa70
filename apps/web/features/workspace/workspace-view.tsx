"use client";
import { useSearchParams } from "next/navigation";
import { useWorkspace } from "./use-workspace.ts";
import { WorkspaceScreen } from "./workspace-screen.tsx";

/** The workspace of a page's address, at the line of its transcript that `?item=` names. */
export function WorkspaceView({ workspaceId }: { workspaceId: string }) {
	const linked = Number(useSearchParams().get("item"));
	const linkedId = Number.isSafeInteger(linked) && linked > 0 ? linked : null;
	return <ConnectedWorkspace key={workspaceId} workspaceId={workspaceId} linkedId={linkedId} />;
}

function ConnectedWorkspace({ workspaceId, linkedId }: { workspaceId: string; linkedId: number | null }) {
	return <WorkspaceScreen model={useWorkspace(workspaceId)} linkedId={linkedId} />;
}
