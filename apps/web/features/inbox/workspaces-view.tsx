"use client";
import { Archive, Plus, SquareTerminal } from "lucide-react";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { AgentDot, agentLook } from "../../live/agent-dot.tsx";
import { agentTitle } from "../../live/agent-words.ts";
import { useLive } from "../../live/live.tsx";
import { useTitle } from "../../live/use-title.ts";
import { Badge } from "../../ui/badge.tsx";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Link } from "../../ui/link.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { clockOf, dayLabelOf, dayOf, fullTimeOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { type ListedWorkspace, listedWorkspaces, type WorkspaceFilter } from "./workspace-list.ts";

/** Every workspace that is open to whoever looks. `dialog`: what makes another one. */
export function WorkspacesView({ dialog }: { dialog: (close: () => void) => ReactNode }) {
	const { me, inbox, directory } = useLive();
	const mayMake = me.role !== "guest";
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const listed = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const [filter, setFilter] = useState<WorkspaceFilter>("active");
	const [query, setQuery] = useState("");
	const [isMaking, setMaking] = useState(false);
	useTitle("Workspaces");
	const rows = listedWorkspaces(mine.workspaces, listed.workspaces, { filter, query });
	return (
		<>
			<PageHeader icon={<SquareTerminal />} title="Workspaces">
				{mayMake && (
					<Button size="sm" variant="primary" onClick={() => setMaking(true)}>
						<Plus className="size-3.5" aria-hidden="true" />
						New workspace
					</Button>
				)}
			</PageHeader>
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 pt-5 pb-16 md:px-6">
					<div className="flex flex-wrap items-center gap-3">
						<div className="min-w-48 flex-1">
							<SearchField label="Find a workspace" value={query} onChange={setQuery} />
						</div>
						<fieldset className="flex h-9.5 items-center gap-0.5 rounded-md bg-sunken p-0.5 pointer-coarse:h-11">
							<legend className="sr-only">Which workspaces</legend>
							<Choice name="Active" isChosen={filter === "active"} onChoose={() => setFilter("active")} />
							<Choice name="Archived" isChosen={filter === "archived"} onChoose={() => setFilter("archived")} />
						</fieldset>
					</div>
					{!mine.isLoaded || !listed.isLoaded ? (
						<div className="pt-6">
							<SkeletonRows label="Loading workspaces" count={4} />
						</div>
					) : rows.length === 0 ? (
						<Blank
							icon={filter === "archived" ? <Archive /> : <SquareTerminal />}
							title={emptyTitle(filter, query)}
							isPage={false}
						>
							{filter === "archived"
								? "An archived workspace can be read here, and restored by its owner."
								: mayMake
									? "Start one to watch an agent work, together."
									: "One shows here as soon as somebody invites you."}
						</Blank>
					) : (
						<ul
							aria-label="Workspaces"
							className="mt-4 divide-y divide-line overflow-hidden rounded-lg border border-line"
						>
							{rows.map((row) => (
								<Row key={row.id} row={row} />
							))}
						</ul>
					)}
				</div>
			</div>
			{isMaking && dialog(() => setMaking(false))}
		</>
	);
}

const emptyTitle = (filter: WorkspaceFilter, query: string): string =>
	query.trim() !== ""
		? "No workspace has such a name"
		: filter === "archived"
			? "Nothing is archived"
			: "No workspace yet";

function Choice({ name, isChosen, onChoose }: { name: string; isChosen: boolean; onChoose: () => void }) {
	return (
		<label
			className={cx(
				"flex h-full cursor-pointer items-center rounded-sm px-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent",
				isChosen ? "bg-raised font-medium shadow-low" : "text-text-muted hover:text-text",
			)}
		>
			<input type="radio" name="which" className="sr-only" checked={isChosen} onChange={onChoose} />
			{name}
		</label>
	);
}

function Row({ row }: { row: ListedWorkspace }) {
	const now = useNow(60_000);
	const when = dayOf(row.lastAt) === dayOf(now) ? clockOf(row.lastAt) : dayLabelOf(row.lastAt, now);
	const state = row.isArchived
		? "Archived"
		: row.state === undefined
			? "Open to everyone here"
			: agentLook(row.state).words;
	return (
		<li>
			<Link
				href={`/w/${row.id}`}
				className="flex min-h-14 items-center gap-3 px-4 py-2 transition-colors hover:bg-hover focus-visible:-outline-offset-2"
			>
				<span className="flex w-4 shrink-0 justify-center" aria-hidden="true">
					{row.isArchived ? <Archive className="size-4 text-text-faint" /> : <AgentDot state={row.state} />}
				</span>
				<span className="min-w-0 flex-1 leading-tight">
					<span className={cx("block truncate font-medium", row.needsYou && "font-semibold")}>{row.name}</span>
					<span className="block truncate text-sm text-text-faint">
						{agentTitle(row.agent)} · {state}
					</span>
				</span>
				{row.needsYou && <Badge tone="attention">Needs you</Badge>}
				<time
					dateTime={new Date(row.lastAt).toISOString()}
					title={fullTimeOf(row.lastAt)}
					className="shrink-0 text-text-faint text-xs tabular-nums"
				>
					{when}
				</time>
			</Link>
		</li>
	);
}
