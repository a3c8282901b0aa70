"use client";
import { Columns2, Rows3 } from "lucide-react";
import { Fragment, memo, useMemo, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { useDiffLayout } from "./diff-layout.ts";
import { type DiffLine, diffLines, firstLines, type LinePair, sideBySide } from "./diff-lines.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { useMedia } from "./use-media.ts";
import { shortLine, visibleText } from "./visible-text.ts";

const TONES = {
	same: "",
	added: "bg-accent-soft",
	removed: "bg-danger-soft",
} as const;
const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const SIGN_LOOKS = { same: "", added: "text-accent-text", removed: "text-danger-text" } as const;

/** Drawn at first. */
const LINES_DRAWN = 300;

interface DiffProps {
	path: string;
	oldText: string | null;
	newText: string;
}

/** A file's change, as one column or as two beside each other where there is room. */
export const Diff = memo(function Diff({ path, oldText, newText }: DiffProps) {
	const { hunks, added, removed } = useMemo(() => diffLines(oldText ?? "", newText), [oldText, newText]);
	const [isWhole, setWhole] = useState(false);
	const [layout, setLayout] = useDiffLayout();
	const hasRoom = useMedia("(min-width: 48rem)");
	const isSplit = layout === "split" && hasRoom && oldText !== null;
	const shown = useMemo(() => (isWhole ? { hunks, hidden: 0 } : firstLines(hunks, LINES_DRAWN)), [hunks, isWhole]);
	return (
		<figure className="overflow-hidden rounded-md border border-line bg-surface">
			<figcaption className="flex min-h-8 items-center gap-2 border-line border-b bg-sunken py-0.5 ps-3 pe-1.5 font-mono text-xs">
				<span className="min-w-0 flex-1 truncate">{visibleText(path)}</span>
				{oldText === null && <span className="text-text-faint">new</span>}
				<span className="text-accent-text">+{added}</span>
				{removed > 0 && <span className="text-danger-text">−{removed}</span>}
				{hasRoom && oldText !== null && (
					<IconButton
						label={isSplit ? "Show in one column" : "Show side by side"}
						tip="none"
						onClick={() => setLayout(isSplit ? "unified" : "split")}
					>
						{isSplit ? <Rows3 /> : <Columns2 />}
					</IconButton>
				)}
			</figcaption>
			<ScrollRegion label={`Changes to ${path}`} className="max-h-96 font-mono text-xs leading-5">
				<div className={cx("min-w-full py-1", !isSplit && "w-max")}>
					{hunks.length === 0 && <p className="px-3 py-1 text-text-faint">No changes.</p>}
					{shown.hunks.map((hunk) => (
						<Fragment key={hunk.lines[0]?.after ?? hunk.lines[0]?.before}>
							{hunk.skipped > 0 && <Skipped count={hunk.skipped} />}
							{isSplit
								? sideBySide(hunk.lines).map((pair) => (
										<Pair key={`${pair.before?.before}:${pair.after?.after}`} pair={pair} />
									))
								: hunk.lines.map((line) => <Line key={`${line.before ?? ""}:${line.after ?? ""}`} line={line} />)}
						</Fragment>
					))}
					{shown.hidden > 0 && (
						<Button size="sm" variant="ghost" className="sticky start-2 mt-1" onClick={() => setWhole(true)}>
							Show {shown.hidden.toLocaleString()} more lines
						</Button>
					)}
				</div>
			</ScrollRegion>
		</figure>
	);
});

function Skipped({ count }: { count: number }) {
	return (
		<div className="my-1 bg-sunken px-3 text-text-faint">
			⋯ {count} unchanged {count === 1 ? "line" : "lines"}
		</div>
	);
}

function Line({ line }: { line: DiffLine }) {
	return (
		<div className={cx("flex", TONES[line.type])}>
			<LineNumber number={line.after ?? line.before} />
			<Sign type={line.type} />
			<span className="whitespace-pre pe-4">{visibleText(shortLine(line.text))}</span>
		</div>
	);
}

function Pair({ pair: { before, after } }: { pair: LinePair }) {
	return (
		<div className="flex">
			<Half line={before} number={before?.before} />
			<Half line={after} number={after?.after} />
		</div>
	);
}

function Half({ line, number }: { line: DiffLine | undefined; number: number | undefined }) {
	return (
		<div
			className={cx(
				"flex w-1/2 min-w-0 not-first:border-line not-first:border-s",
				line === undefined ? "bg-sunken" : TONES[line.type],
			)}
		>
			{line && (
				<>
					<LineNumber number={number} />
					<Sign type={line.type} />
					<span className="min-w-0 flex-1 whitespace-pre-wrap pe-2 [overflow-wrap:anywhere]">
						{visibleText(shortLine(line.text))}
					</span>
				</>
			)}
		</div>
	);
}

function LineNumber({ number }: { number: number | undefined }) {
	return <span className="w-10 shrink-0 select-none pe-2 text-end text-text-faint tabular-nums">{number}</span>;
}

function Sign({ type }: { type: DiffLine["type"] }) {
	return <span className={cx("w-5 shrink-0 select-none text-center", SIGN_LOOKS[type])}>{SIGNS[type]}</span>;
}
