"use client";
import type { ItemBody } from "@bullpen/domain/transcript/item";
import { ArrowRightLeft, Brain, FilePen, FileText, Globe, Search, SquareTerminal, Trash2, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import { visibleText } from "../../ui/visible-text.ts";
import { Disclosure } from "./disclosure.tsx";
import { ToolBody } from "./tool-body.tsx";
import { Duration, StatusIcon, statusOf } from "./tool-status.tsx";

interface ToolCallProps {
	foldKey: string;
	tool: Extract<ItemBody, { type: "tool" }>;
	/** Unix ms. */
	startedAt: number;
	/** Its turn is over: whatever its status says, it does not run. */
	isStopped: boolean;
	/** A question about it waits, and shows what this would. */
	isAsked: boolean;
	onShowWhole: () => Promise<string>;
	pictureOf: (position: number) => Promise<string>;
}

const KINDS: Readonly<Record<string, ReactNode>> = {
	read: <FileText />,
	edit: <FilePen />,
	delete: <Trash2 />,
	move: <ArrowRightLeft />,
	search: <Search />,
	execute: <SquareTerminal />,
	think: <Brain />,
	fetch: <Globe />,
};

export function ToolCall({ foldKey, tool, startedAt, isStopped, isAsked, onShowWhole, pictureOf }: ToolCallProps) {
	const status = statusOf(tool, isStopped);
	const shows = tool.content.some((part) => part.type !== "text");
	return (
		<div className="py-0.5">
			<Disclosure
				foldKey={foldKey}
				isOpenAtFirst={!isAsked && (shows || (tool.toolKind === "execute" && tool.content.length > 0))}
				summary={
					<>
						<StatusIcon status={status} />
						<span className="shrink-0 text-text-faint [&_svg]:size-4" aria-hidden="true">
							{KINDS[tool.toolKind] ?? <Wrench />}
						</span>
						<span
							className={tool.toolKind === "execute" ? "truncate font-mono text-xs text-text" : "truncate text-text"}
						>
							{visibleText(tool.title)}
						</span>
						{tool.exitCode !== undefined && tool.exitCode !== 0 && (
							<span className="shrink-0 text-danger-text text-xs">exit {tool.exitCode}</span>
						)}
					</>
				}
				aside={<Duration startedAt={startedAt} endedAt={tool.endedAt} isRunning={status === "in_progress"} />}
			>
				<ToolBody tool={tool} onShowWhole={onShowWhole} pictureOf={pictureOf} />
			</Disclosure>
		</div>
	);
}
