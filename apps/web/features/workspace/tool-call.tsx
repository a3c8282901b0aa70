"use client";
import type { ItemBody, ToolContent, ToolStatus } from "@bullpen/domain/transcript/item";
import {
	ArrowRightLeft,
	Brain,
	Check,
	FilePen,
	FileText,
	Globe,
	Search,
	Square,
	SquareTerminal,
	Trash2,
	Wrench,
	X,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { wordsFor } from "../../live/words.ts";
import { Button } from "../../ui/button.tsx";
import { Diff } from "../../ui/diff.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Terminal } from "../../ui/terminal.tsx";
import { durationOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { Disclosure } from "./disclosure.tsx";

type Tool = Extract<ItemBody, { type: "tool" }>;

interface ToolCallProps {
	tool: Tool;
	/** Unix ms. */
	startedAt: number;
	/** Its turn is over: whatever its status says, it does not run. */
	isStopped: boolean;
	/** A question about it waits, and shows what this would. */
	isAsked: boolean;
	wasOpen: boolean | undefined;
	onToggle: (isOpen: boolean) => void;
	onShowWhole: () => Promise<string>;
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

export function ToolCall({ tool, startedAt, isStopped, isAsked, wasOpen, onToggle, onShowWhole }: ToolCallProps) {
	const status = statusOf(tool, isStopped);
	const hasDiff = tool.content.some((part) => part.type === "diff");
	return (
		<div className="py-0.5">
			<Disclosure
				isOpenAtFirst={!isAsked && (hasDiff || (tool.toolKind === "execute" && tool.content.length > 0))}
				wasOpen={wasOpen}
				onToggle={onToggle}
				summary={
					<>
						<StatusIcon status={status} />
						<span className="shrink-0 text-text-faint [&_svg]:size-4" aria-hidden="true">
							{KINDS[tool.toolKind] ?? <Wrench />}
						</span>
						<span
							className={tool.toolKind === "execute" ? "truncate font-mono text-xs text-text" : "truncate text-text"}
						>
							{tool.title}
						</span>
						{tool.exitCode !== undefined && tool.exitCode !== 0 && (
							<span className="shrink-0 text-danger-text text-xs">exit {tool.exitCode}</span>
						)}
					</>
				}
				aside={<Duration startedAt={startedAt} endedAt={tool.endedAt} isRunning={status === "in_progress"} />}
			>
				<ToolBody tool={tool} onShowWhole={onShowWhole} />
			</Disclosure>
		</div>
	);
}

type ShownStatus = ToolStatus | "stopped";

const statusOf = ({ status }: Tool, isStopped: boolean): ShownStatus =>
	isStopped && (status === "pending" || status === "in_progress") ? "stopped" : status;

function StatusIcon({ status }: { status: ShownStatus }) {
	return (
		<span role="img" aria-label={STATUS_WORDS[status]} className="flex size-4 shrink-0 items-center justify-center">
			{STATUS_ICONS[status]}
		</span>
	);
}

const STATUS_WORDS = {
	pending: "Waiting",
	in_progress: "Running",
	completed: "Done",
	failed: "Failed",
	stopped: "Stopped",
} as const;
const STATUS_ICONS: Readonly<Record<ShownStatus, ReactNode>> = {
	pending: <span className="block size-2 rounded-full border-[1.5px] border-text-faint" />,
	in_progress: <Spinner className="size-3.5 text-info" />,
	completed: <Check className="size-4 text-accent" />,
	failed: <X className="size-4 text-danger" />,
	stopped: <Square className="size-3 text-text-faint" />,
};

function Duration({
	startedAt,
	endedAt,
	isRunning,
}: {
	startedAt: number;
	endedAt: number | undefined;
	isRunning: boolean;
}) {
	const now = useNow(500, isRunning && endedAt === undefined);
	if (startedAt === 0 || (endedAt === undefined && !isRunning)) return null;
	return (
		<span className="shrink-0 text-text-faint text-xs tabular-nums">{durationOf((endedAt ?? now) - startedAt)}</span>
	);
}

function ToolBody({ tool, onShowWhole }: { tool: Tool; onShowWhole: () => Promise<string> }) {
	const [whole, setWhole] = useState<string | null>(null);
	const { content, paths, input, omittedBytes } = tool;
	const diffPaths = new Set(content.flatMap((part) => (part.type === "diff" ? [part.path] : [])));
	const otherPaths = paths.filter((path) => !diffPaths.has(path));
	return (
		<div className="mt-1 mb-2 space-y-2 ps-6">
			{otherPaths.length > 0 && <p className="break-all font-mono text-text-faint text-xs">{otherPaths.join(", ")}</p>}
			{whole === null ? (
				content.map((part, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: parts of an output have no other name and only grow.
					<Part key={index} part={part} title={tool.title} />
				))
			) : (
				<Terminal output={whole} label={`Whole output of ${tool.title}`} />
			)}
			{content.length === 0 && input !== undefined && <Terminal output={prettyJson(input)} label="Input" />}
			{omittedBytes !== undefined && whole === null && (
				<ShowWhole bytes={omittedBytes} onShow={() => onShowWhole().then(setWhole)} />
			)}
		</div>
	);
}

function Part({ part, title }: { part: ToolContent; title: string }) {
	if (part.type === "text" && part.text.trim() === "") return <p className="text-text-faint text-xs">No output.</p>;
	return part.type === "diff" ? <Diff {...part} /> : <Terminal output={part.text} label={`Output of ${title}`} />;
}

function ShowWhole({ bytes, onShow }: { bytes: number; onShow: () => Promise<void> }) {
	const [state, setState] = useState<{ isBusy: boolean; refusal: string | null }>({ isBusy: false, refusal: null });
	const show = () => {
		setState({ isBusy: true, refusal: null });
		onShow().catch((error: unknown) => setState({ isBusy: false, refusal: wordsFor(error) }));
	};
	return (
		<div className="flex items-center gap-3">
			<Button size="sm" isBusy={state.isBusy} onClick={show}>
				Show whole output
			</Button>
			<span className="text-text-faint text-xs">{sizeOf(bytes)} left out</span>
			{state.refusal && (
				<span role="alert" className="text-danger-text text-xs">
					{state.refusal}
				</span>
			)}
		</div>
	);
}

const sizeOf = (bytes: number) => (bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024).toLocaleString()} KB`);

function prettyJson(json: string): string {
	try {
		return JSON.stringify(JSON.parse(json), null, 2);
	} catch {
		return json; // capped in the middle of a value: shown as it came
	}
}
