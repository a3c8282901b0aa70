// A page that draws the side panel's files and changes without a server: `?tab=files|changes&theme=dark`.
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import { Suspense } from "react";
import ChangesTab from "../../features/workspace/changes/changes-tab.tsx";
import FilesTab from "../../features/workspace/files/files-tab.tsx";
import type { SideTabProps } from "../../features/workspace/side/side-tab.ts";
import { Toasts } from "../../ui/toast.tsx";
import { fakeTree } from "./fake-files.ts";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");
const props = {
	workspace: { canPrompt: asked.get("role") !== "viewer", session: { name: "Cents", sandboxKind: "confined" } },
	verbs: { tree: fakeTree() },
} as unknown as SideTabProps;
const Tab = asked.get("tab") === "changes" ? ChangesTab : FilesTab;

createRoot(document.body).render(
	<main className="flex h-dvh justify-end bg-surface">
		<h1 className="sr-only">Side panel</h1>
		<aside aria-label="Side panel" className="flex w-full max-w-130 flex-col border-line border-s">
			<Suspense>
				<Tab {...props} />
			</Suspense>
		</aside>
		<Toasts />
	</main>,
);
