"use client";
import { useRouter } from "next/navigation";
import type { SidebarData } from "../../../features/inbox/sidebar-data.ts";
import NewWorkspaceDialog from "../../../features/workspace/new-workspace-dialog.tsx";

export default function NewWorkspace({ rooms, onClose }: { rooms: SidebarData["rooms"]; onClose: () => void }) {
	const router = useRouter();
	return (
		<NewWorkspaceDialog
			rooms={rooms.filter((room) => room.visibility !== "direct")}
			onClose={onClose}
			onMade={(workspaceId) => {
				onClose();
				router.push(`/w/${workspaceId}`);
			}}
		/>
	);
}
