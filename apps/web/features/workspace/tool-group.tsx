"use client";
import { Disclosure } from "./disclosure.tsx";
import { ToolCall } from "./tool-call.tsx";
import { Duration, type ShownStatus, StatusIcon, statusOf } from "./tool-status.tsx";
import type { ToolEntry } from "./transcript-entries.ts";

interface ToolGroupProps {
	groupKey: string;
	tools: readonly ToolEntry[];
	outputOf: (itemId: number) => Promise<string>;
	pictureOf: (itemId: number, position: number) => Promise<string>;
}

/** Calls in a row. Few of them stand as they are; more have a line that sums them up. */
export function ToolGroup({ groupKey, tools, outputOf, pictureOf }: ToolGroupProps) {
	const calls = tools.map((entry) => (
		<ToolCall
			key={entry.key}
			foldKey={entry.key}
			tool={entry.tool}
			startedAt={entry.at}
			isStopped={entry.isStopped}
			isAsked={entry.isAsked}
			onShowWhole={() => outputOf(entry.itemId)}
			pictureOf={(position) => pictureOf(entry.itemId, position)}
		/>
	));
	if (tools.length < GROUP_MIN) return calls;
	const status = overallStatus(tools);
	const failed = tools.filter(({ tool }) => tool.status === "failed").length;
	return (
		<div className="py-0.5">
			<Disclosure
				foldKey={`group-${groupKey}`}
				isOpenAtFirst={status !== "completed" || tools.some(showsChange)}
				summary={
					<>
						<StatusIcon status={status} />
						<span className="truncate text-text">
							{tools.length} steps: {kindsOf(tools)}
						</span>
						{failed > 0 && <span className="shrink-0 text-danger-text text-xs">{failed} failed</span>}
					</>
				}
				aside={
					<Duration
						startedAt={tools[0]?.at ?? 0}
						endedAt={lastEnd(tools)}
						isRunning={tools.some((entry) => statusOf(entry.tool, entry.isStopped) === "in_progress")}
					/>
				}
			>
				<div className="ms-2 border-line border-s ps-4">{calls}</div>
			</Disclosure>
		</div>
	);
}

const GROUP_MIN = 3;
const showsChange = ({ tool }: ToolEntry) => tool.content.some((part) => part.type !== "text");

/** What most needs to be known of them. */
function overallStatus(tools: readonly ToolEntry[]): ShownStatus {
	const statuses = new Set(tools.map(({ tool, isStopped }) => statusOf(tool, isStopped)));
	return (["in_progress", "pending", "failed", "stopped"] as const).find((one) => statuses.has(one)) ?? "completed";
}

/** When the last of them ended; undefined while one has not. */
function lastEnd(tools: readonly ToolEntry[]): number | undefined {
	const ends = tools.map(({ tool }) => tool.endedAt);
	return ends.some((end) => end === undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
}

const KIND_WORDS: Readonly<Record<string, (count: number) => string>> = {
	read: (count) => `read ${count}`,
	edit: (count) => `edited ${count}`,
	delete: (count) => `deleted ${count}`,
	move: (count) => `moved ${count}`,
	search: (count) => `searched ${times(count)}`,
	execute: (count) => `ran ${count}`,
	fetch: (count) => `fetched ${count}`,
};
const times = (count: number) => (count === 1 ? "once" : `${count} times`);

function kindsOf(tools: readonly ToolEntry[]): string {
	const counts = Map.groupBy(tools, ({ tool }) => (KIND_WORDS[tool.toolKind] ? tool.toolKind : "other"));
	const words = [...counts].map(([kind, some]) => KIND_WORDS[kind]?.(some.length) ?? `${some.length} other`);
	return words.join(", ");
}
