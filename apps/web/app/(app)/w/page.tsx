"use client";
import { useSidebarData } from "../../../features/inbox/use-sidebar.ts";
import { WorkspacesView } from "../../../features/inbox/workspaces-view.tsx";
import { fetched } from "../../../ui/fetched.tsx";

const NewWorkspace = fetched(() => import("../dialogs/new-workspace.tsx"));

export default function Page() {
	const { rooms } = useSidebarData();
	return <WorkspacesView dialog={(close) => <NewWorkspace rooms={rooms} onClose={close} />} />;
}
