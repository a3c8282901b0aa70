import { WorkspacesView } from "../../../features/inbox/workspaces-view.tsx";

export default function Page() {
	return <WorkspacesView />;
}
