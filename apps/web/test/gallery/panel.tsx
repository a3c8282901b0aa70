// A page that draws the side panel's files, changes and sandbox without a server: `?tab=files|changes|sandbox&theme=dark`.
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import { Problem } from "@bullpen/domain/problem";
import { type ComponentType, Suspense } from "react";
import ChangesTab from "../../features/workspace/changes/changes-tab.tsx";
import FilesTab from "../../features/workspace/files/files-tab.tsx";
import SandboxTab from "../../features/workspace/sandbox/sandbox-tab.tsx";
import type { SideTabProps } from "../../features/workspace/side/side-tab.ts";
import { Toasts } from "../../ui/toast.tsx";
import { fakeTree } from "./fake-files.ts";
import { sandboxFacts } from "./fake-sandbox.ts";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");
const props = {
	workspace: {
		canPrompt: asked.get("role") !== "viewer",
		isOwner: asked.get("role") === null,
		session: { name: "Cents", sandboxKind: "confined", ...sandboxFacts(asked.has("new")) },
	},
	verbs: {
		tree: fakeTree(),
		setEgress: async () => {
			throw new Problem("bad_input", "That is no host.", { field: "hosts", host: "10.0.0.1" });
		},
		ignoreHost: async () => undefined,
	},
} as unknown as SideTabProps;
const tabs = new Map<string | null, ComponentType<SideTabProps>>([
	["changes", ChangesTab],
	["sandbox", SandboxTab],
]);
const Tab = tabs.get(asked.get("tab")) ?? FilesTab;

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
