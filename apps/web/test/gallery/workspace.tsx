// A whole workspace without a server: `?state=<name>&tab=<id>&theme=dark`, or the list of states.
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import { useWorkspaceModel } from "../../features/workspace/use-workspace.ts";
import { WorkspaceScreen } from "../../features/workspace/workspace-screen.tsx";
import { useWorkspaceStore } from "../../features/workspace/workspace-stores.ts";
import { LiveProvider, useLive } from "../../live/live.tsx";
import { Shell } from "../../ui/shell.tsx";
import { Toasts } from "../../ui/toast.tsx";
import { fakeConnection } from "./fake-connection.ts";
import { answerOf, answerOfDirectory, STATES, WORKSPACE_ID } from "./fake-workspace.ts";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");
const tab = asked.get("tab");
localStorage.setItem("bullpen.side-panel", JSON.stringify({ isOpen: tab !== null, tab }));

const nothing = () => undefined;
const router = {
	...{ back: nothing, forward: nothing, refresh: nothing, push: nothing, replace: nothing, prefetch: nothing },
	...{ bfcacheId: "", experimental_gesturePush: nothing },
};

function Gallery({ answer }: { answer: ReturnType<typeof answerOf> | null }) {
	const { directory } = useLive();
	const store = useWorkspaceStore(WORKSPACE_ID);
	useEffect(() => {
		const leaves = [
			directory.attach(fakeConnection<"directory">(answerOfDirectory)),
			answer === null ? nothing : store.attach(fakeConnection<"workspace">(answer)),
		];
		return () => {
			for (const leave of leaves) leave();
		};
	}, [directory, store, answer]);
	const model = useWorkspaceModel(WORKSPACE_ID, { type: "live" }, nothing);
	return <WorkspaceScreen model={model} linkedId={null} />;
}

const name = asked.get("state") ?? "";
const state = STATES[name];
const answer = state ? answerOf(state) : null;
const me = { ada: "Ada Lovelace", cy: "Cy Twombly" }[state?.me ?? "ada"] ?? "";

createRoot(document.body).render(
	state || name === "loading" ? (
		<AppRouterContext value={router}>
			<LiveProvider me={{ id: state?.me ?? "ada", name: me, role: "member" }} url={location.origin}>
				<Shell sidebar={null} banner={null} hasAttention={false}>
					<Gallery answer={answer} />
				</Shell>
				<Toasts />
			</LiveProvider>
		</AppRouterContext>
	) : (
		<ul>
			{[...Object.keys(STATES), "loading"].map((each) => (
				<li key={each}>
					<a href={`?state=${each}`}>{each}</a>
				</li>
			))}
		</ul>
	),
);
