import { Fragment, memo } from "react";
import { cx } from "./cx.ts";
import { type DiffLine, diffLines } from "./diff-lines.ts";
import { ScrollRegion } from "./scroll-region.tsx";

const TONES = {
	same: "",
	added: "bg-accent-soft",
	removed: "bg-danger-soft",
} as const;
const SIGNS = { same: " ", added: "+", removed: "−" } as const;

interface DiffProps {
	path: string;
	oldText: string | null;
	newText: string;
}

/** A file's change as a unified diff. */
export const Diff = memo(function Diff({ path, oldText, newText }: DiffProps) {
	const { hunks, added, removed } = diffLines(oldText ?? "", newText);
	return (
		<figure className="overflow-hidden rounded-md border border-line bg-surface">
			<figcaption className="flex items-center gap-2 border-line border-b bg-sunken px-3 py-1.5 font-mono text-xs">
				<span className="min-w-0 flex-1 truncate">{path}</span>
				{oldText === null && <span className="text-text-faint">new</span>}
				<span className="text-accent-text">+{added}</span>
				{removed > 0 && <span className="text-danger-text">−{removed}</span>}
			</figcaption>
			<ScrollRegion label={`Changes to ${path}`} className="max-h-96 font-mono text-xs leading-5">
				<div className="w-max min-w-full py-1">
					{hunks.length === 0 && <p className="px-3 py-1 text-text-faint">No changes.</p>}
					{hunks.map((hunk) => (
						<Fragment key={hunk.lines[0]?.after ?? hunk.lines[0]?.before}>
							{hunk.skipped > 0 && <Skipped count={hunk.skipped} />}
							{hunk.lines.map((line) => (
								<Line key={`${line.before ?? ""}:${line.after ?? ""}`} line={line} />
							))}
						</Fragment>
					))}
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
			<span className="w-10 shrink-0 select-none pe-2 text-end text-text-faint tabular-nums">
				{line.after ?? line.before}
			</span>
			<span
				className={cx(
					"w-5 shrink-0 select-none text-center",
					line.type === "added" && "text-accent-text",
					line.type === "removed" && "text-danger-text",
				)}
			>
				{SIGNS[line.type]}
			</span>
			<span className="whitespace-pre pe-4">{line.text}</span>
		</div>
	);
}
