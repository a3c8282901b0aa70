// A page that draws recorded transcripts as the workspace's screen does, without a server: `?scene=<name>`.
import { SquareTerminal } from "lucide-react";
import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import { hitOf } from "@bullpen/domain/transcript/search";
import { PinnedPlan } from "../../features/workspace/pinned-plan.tsx";
import { Transcript } from "../../features/workspace/transcript.tsx";
import { transcriptEntries } from "../../features/workspace/transcript-entries.ts";
import { useTranscriptPane } from "../../features/workspace/use-transcript-pane.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Toasts } from "../../ui/toast.tsx";
import type { Folded } from "./fold.ts";
import { scenes } from "./scenes.ts";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");
const PAGE = 100;

const SESSION = {
	kind: "session",
	id: "default",
	version: 1,
	workspaceId: "w-gallery",
	sandboxId: null,
	sandboxKind: "confined",
	name: asked.get("scene") ?? "",
	agent: "demo",
	state: "idle",
	visibility: "server",
	ownerId: "ada",
	createdAt: 1,
} as const;
const personOf = (id: string) => ({ id, name: id === "ada" ? "Ada Lovelace" : id, isOnline: true });

/** What scenes have of files. */
const promptFiles = {
	put: () => Promise.reject(new Error("Nothing is kept here.")),
	remove: async () => undefined,
	content: async () => ({ type: "text", text: "A plan\n" }) as const,
	find: async () => ({ paths: ["src/main.ts", "README.md"], isPartial: false }),
};

function Gallery({ scene }: { scene: Folded }) {
	const { items, turns, permissions, outputs, pictures } = scene;
	const [from, setFrom] = useState(Math.max(0, items.length - PAGE));
	const entries = useMemo(
		() => transcriptEntries({ items: items.slice(from), turns, permissions }),
		[items, turns, permissions, from],
	);
	const verbs = {
		loadOlder: () => setFrom((before) => Math.max(0, before - PAGE)),
		loadNewer: () => undefined,
		showNewest: () => undefined,
		showItem: async (itemId: number) => {
			setFrom((before) => Math.min(before, Math.max(0, itemId - PAGE / 2)));
			return items.some(({ id }) => id === itemId);
		},
		search: async (query: string, before = Number.POSITIVE_INFINITY) => {
			const below = items.filter(({ id }) => id < before).reverse();
			const hits = below.flatMap((item) => hitOf(item, query) ?? []).slice(0, 20);
			const isDone = hits.length < 20;
			return { hits, scannedTo: isDone ? 1 : (hits.at(-1)?.itemId ?? 1), isDone };
		},
		page: async (before = Number.POSITIVE_INFINITY) => {
			const below = items.filter(({ id }) => id < before);
			const head = { seq: items.length, version: 1, epoch: "e" };
			return { rows: [...turns.values(), ...below.slice(-PAGE)], head, hasMore: below.length > PAGE };
		},
		outputOf: async (itemId: number) => outputs.get(itemId) ?? "",
		pictureOf: async (itemId: number, position: number) => pictures.get(`${itemId} ${position}`) ?? "",
		promptFiles,
	};
	const workspace = {
		entries,
		older: from > 0 ? ("more" as const) : ("none" as const),
		newer: "none" as const,
		session: SESSION,
	};
	const linked = Number(asked.get("item"));
	const pane = useTranscriptPane(workspace, verbs, personOf, linked > 0 ? linked : null);
	const plan = items.findLast((item) => item.body.type === "plan")?.body;
	return (
		<main className="flex h-dvh flex-col bg-surface">
			<PageHeader icon={<SquareTerminal />} title={SESSION.name}>
				{pane.tools}
			</PageHeader>
			{pane.bars}
			{plan?.type === "plan" && <PinnedPlan entries={plan.entries} />}
			<Transcript
				workspace={workspace}
				me="ada"
				personOf={personOf}
				verbs={verbs}
				folds={pane.folds}
				found={pane.found}
				intro={
					<p className="mx-auto w-full max-w-200 px-4 text-sm text-text-faint md:px-6">This is where it begins.</p>
				}
			/>
			<Toasts />
		</main>
	);
}

const scene = scenes.get(asked.get("scene") ?? "")?.();
const root = createRoot(document.body);
root.render(
	<StrictMode>
		{scene ? (
			<Gallery scene={scene} />
		) : (
			<ul>
				{[...scenes.keys()].map((name) => (
					<li key={name}>{name}</li>
				))}
			</ul>
		)}
	</StrictMode>,
);
