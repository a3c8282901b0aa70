import type { ItemBody } from "@bullpen/domain/transcript/item";
import type { TurnRow } from "@bullpen/domain/workspace";
import { Bot, Braces, CircleSlash, CircleX, Info, Paperclip, PlugZap, Shrink, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { Terminal } from "../../ui/terminal.tsx";
import { visibleText } from "../../ui/visible-text.ts";
import { Disclosure } from "./disclosure.tsx";
import { prettyJson } from "./pretty-json.ts";
import { Duration, StatusIcon } from "./tool-status.tsx";

const NOTICES = {
	info: { icon: <Info />, look: "text-text-muted" },
	warning: { icon: <TriangleAlert />, look: "text-attention-text" },
	error: { icon: <CircleX />, look: "text-danger-text" },
} as const;

interface NoticeLineProps {
	level: keyof typeof NOTICES;
	text: string;
	detail: string | undefined;
}

export function NoticeLine({ level, text, detail }: NoticeLineProps) {
	const { icon, look } = NOTICES[level];
	return (
		<Line icon={icon} look={look}>
			{text}
			{detail !== undefined && <span className="block whitespace-pre-wrap text-text-muted">{detail}</span>}
		</Line>
	);
}

/** A file or page the agent points to. Only an address of the web is a link. */
export function ResourceLine({ name, uri, text }: { name: string; uri: string; text: string | undefined }) {
	const isWeb = /^https?:\/\//i.test(uri) && URL.canParse(uri);
	return (
		<div>
			<Line icon={<Paperclip />} look="text-text-muted">
				{visibleText(name)}
				{uri !== name && uri !== "" && (
					<span className="ms-2 font-mono text-text-faint text-xs">
						{isWeb ? (
							<a href={uri} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
								{visibleText(uri)}
							</a>
						) : (
							visibleText(uri)
						)}
					</span>
				)}
			</Line>
			{text !== undefined && <Terminal output={text} label={name} />}
		</div>
	);
}

type Body<Type extends ItemBody["type"]> = Extract<ItemBody, { type: Type }>;

/** Where the agent made room in its context. What it remembers of it opens. */
export function CompactionLine({
	foldKey,
	line,
	isOver,
}: {
	foldKey: string;
	line: Body<"compaction">;
	isOver: boolean;
}) {
	const isAtWork = line.status === "in_progress" && !isOver;
	const words = isAtWork
		? "Making room in the context…"
		: line.status === "failed"
			? `Could not make room in the context${line.problem === undefined ? "." : `: ${line.problem}`}`
			: "Made room in the context: what came before is a summary from here on.";
	if (line.summary === "") {
		return (
			<Line icon={<Shrink />} look={line.status === "failed" ? "text-danger-text" : "text-text-muted"}>
				{words}
			</Line>
		);
	}
	return (
		<Disclosure
			foldKey={foldKey}
			isOpenAtFirst={false}
			summary={
				<>
					<Shrink className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
					<span className={isAtWork ? "animate-shimmer" : "truncate"}>{words}</span>
				</>
			}
		>
			<Markdown text={line.summary} className="mb-2 border-line-strong border-s-2 ps-4 text-sm text-text-muted" />
		</Disclosure>
	);
}

const SUBAGENT_STATUS = {
	running: "in_progress",
	paused: "pending",
	completed: "completed",
	failed: "failed",
	cancelled: "stopped",
} as const;

export function SubagentLine({ line, at, isOver }: { line: Body<"subagent">; at: number; isOver: boolean }) {
	const status = isOver && line.status === "running" ? "stopped" : SUBAGENT_STATUS[line.status];
	return (
		<div className="flex items-start gap-2 py-1.5 text-sm">
			<span className="mt-0.5 flex shrink-0 items-center gap-2">
				<StatusIcon status={status} />
				<Bot className="size-4 text-text-faint" aria-hidden="true" />
			</span>
			<span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
				{line.name}
				{line.task !== undefined && <span className="block text-text-muted">{line.task}</span>}
			</span>
			<Duration startedAt={at} endedAt={line.endedAt} isRunning={status === "in_progress"} />
		</div>
	);
}

/** How a turn ended, when it did not simply finish. */
export function EndLine({ turn, personOf }: { turn: TurnRow; personOf: PersonOf }) {
	switch (turn.status) {
		case "cancelled":
			return (
				<Line icon={<CircleSlash />} look="text-text-muted">
					{turn.cancelledBy === undefined ? "Stopped." : `Stopped by ${personOf(turn.cancelledBy).name}.`}
				</Line>
			);
		case "interrupted":
			return (
				<Line icon={<PlugZap />} look="text-attention-text">
					{turn.problem ?? "Interrupted: the agent's process ended."} Send the prompt again to go on.
				</Line>
			);
		case "failed":
			return (
				<Line icon={<CircleX />} look="text-danger-text">
					{turn.problem ?? "The agent gave up on this."}
				</Line>
			);
		case "running":
		case "completed":
			return null;
	}
}

/** An update of a kind this version does not know: kept readable. */
export function UnknownLine({ foldKey, name, json }: { foldKey: string; name: string; json: string }) {
	return (
		<Disclosure
			foldKey={foldKey}
			isOpenAtFirst={false}
			summary={
				<>
					<Braces className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
					<span className="truncate">
						The agent sent something else: <span className="font-mono text-xs">{visibleText(name)}</span>
					</span>
				</>
			}
		>
			<div className="mb-2 ps-6">
				<Terminal output={prettyJson(json)} label={name} />
			</div>
		</Disclosure>
	);
}

function Line({ icon, look, children }: { icon: ReactNode; look: string; children: ReactNode }) {
	return (
		<p className={cx("flex items-start gap-2 py-1.5 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0", look)}>
			{icon}
			<span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
		</p>
	);
}
