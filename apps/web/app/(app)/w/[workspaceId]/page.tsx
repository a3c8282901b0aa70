import { WorkspaceId } from "@bullpen/domain/id";
import { notFound } from "next/navigation";
import { WorkspaceView } from "../../../../features/workspace/workspace-view.tsx";

export default async function Page({ params }: { params: Promise<{ workspaceId: string }> }) {
	const workspaceId = WorkspaceId.safeParse((await params).workspaceId);
	if (!workspaceId.success) notFound();
	return <WorkspaceView workspaceId={workspaceId.data} />;
}
