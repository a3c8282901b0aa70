"use client";
import { CloudOff, RotateCw, Search, SearchX, UserX } from "lucide-react";
import type { ReactNode } from "react";
import { wordsFor } from "../../live/words.ts";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { dayLabelOf } from "../../ui/time.ts";
import { Hit } from "./hit.tsx";
import { Tail } from "./tail.tsx";
import type { SearchModel } from "./use-search.ts";

/** What was found, or why there is nothing to see. */
export function Results({ model }: { model: SearchModel }) {
	const { shown, personOf, rooms, names, loadMore, retry } = model;
	if (shown.hits.length === 0) return <NoHits model={model} />;
	const count = `${shown.hits.length.toLocaleString()}${shown.more === "none" ? "" : "+"}`;
	return (
		<section aria-label="Found messages" className="mx-auto w-full max-w-180 px-1 pt-2 pb-16 md:px-3">
			<p role="status" className="px-3 pb-1 text-text-faint text-xs">
				{count} {count === "1" ? "message" : "messages"}, newest first
				{shown.isFilling && " · older messages are still being read in"}
			</p>
			<ul>
				{shown.hits.map((hit) => (
					<Hit
						key={`${hit.roomId} ${hit.id}`}
						hit={hit}
						room={rooms.get(hit.roomId)}
						me={names.me}
						personOf={personOf}
					/>
				))}
			</ul>
			<Tail shown={shown} onMore={loadMore} onRetry={retry} />
		</section>
	);
}

function NoHits({ model: { shown, worded, isRead, phase, loadMore, retry } }: { model: SearchModel }) {
	const [unknown] = worded.unknown;
	if (unknown && isRead)
		return (
			<Say
				icon={<UserX />}
				title={`${unknown.kind === "from" ? "Nobody here" : "No room of yours"} is called “${unknown.name}”`}
			>
				{unknown.kind === "in" && "Search looks in the rooms you are in."}
			</Say>
		);
	if (phase.type === "refused")
		return (
			<Say icon={<SearchX />} title="Search is not open to you" isDanger>
				{wordsFor(phase.problem)}
			</Say>
		);
	if (shown.state === "failed")
		return (
			<Say icon={<SearchX />} title="This search did not work" isDanger actions={<Again onClick={retry} />}>
				{wordsFor(shown.failure)}
			</Say>
		);
	if (worded.query === "" && isRead) return <Tips />;
	if (shown.state === "waiting" && phase.type !== "connecting" && phase.type !== "live")
		return (
			<Say icon={<CloudOff />} title="Waiting for the connection">
				Your search goes out as soon as it is back.
			</Say>
		);
	if (shown.state !== "ready") return <Waiting />;
	if (shown.more === "far" && shown.scannedBackTo !== null)
		return (
			<Say icon={<Search />} title="Nothing yet" actions={<Button onClick={loadMore}>Search further back</Button>}>
				Searched back to {dayLabelOf(shown.scannedBackTo, Date.now())}.
			</Say>
		);
	return (
		<Say icon={<SearchX />} title="No message says that">
			{shown.isFilling
				? "Older messages are still being read in: try again in a moment."
				: "Try fewer words, the beginning of one (deplo*), or take out a filter."}
		</Say>
	);
}

const Waiting = () => (
	<div className="mx-auto w-full max-w-180">
		<SkeletonRows label="Searching" count={4} />
	</div>
);

const Again = ({ onClick }: { onClick: () => void }) => (
	<Button onClick={onClick}>
		<RotateCw className="size-3.5" aria-hidden="true" />
		Try again
	</Button>
);

interface SayProps {
	icon: ReactNode;
	title: string;
	isDanger?: boolean;
	actions?: ReactNode;
	children?: ReactNode;
}

/** Heard by screen readers, too: the field keeps the focus. */
const Say = ({ icon, title, isDanger = false, actions, children }: SayProps) => (
	<div role="status" className="flex flex-1">
		<Blank icon={icon} title={title} tone={isDanger ? "danger" : "plain"} isPage={false} actions={actions}>
			{children}
		</Blank>
	</div>
);

const EXAMPLES = [
	["deploy failed", "both words"],
	["“deploy failed”", "one after the other"],
	["deplo*", "words that begin so"],
	["from:me in:general", "by somebody, in a room"],
] as const;

const Tips = () => (
	<Blank icon={<Search />} title="Find what was said" isPage={false}>
		In every room you are in, newest first.
		<dl className="mx-auto mt-6 grid w-fit grid-cols-[auto_auto] gap-x-5 gap-y-2 text-start text-sm">
			{EXAMPLES.map(([words, meaning]) => (
				<div key={words} className="contents">
					<dt className="font-mono text-text text-xs leading-5">{words}</dt>
					<dd className="text-text-faint">{meaning}</dd>
				</div>
			))}
		</dl>
	</Blank>
);
