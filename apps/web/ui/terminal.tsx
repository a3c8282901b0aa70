import { memo, useMemo } from "react";
import { Virtualizer } from "virtua";
import { type AnsiSpan, parseAnsi } from "./ansi.ts";
import { cx } from "./cx.ts";
import { ScrollRegion } from "./scroll-region.tsx";

/** Longer output is only drawn where one looks. */
const LINES_DRAWN = 300;

/** Output of a program: colours kept, nothing executed. */
export const Terminal = memo(function Terminal({ output, label }: { output: string; label: string }) {
	const lines = useMemo(() => parseAnsi(output), [output]);
	return (
		<ScrollRegion
			label={label}
			className="max-h-88 rounded-md bg-sunken px-3 py-2.5 font-mono text-xs leading-5 ring-1 ring-line ring-inset"
		>
			{lines.length > LINES_DRAWN ? (
				<Virtualizer data={lines}>{(line, number) => <Line key={number} line={line} />}</Virtualizer>
			) : (
				<pre className="w-max min-w-full">
					{lines.map((line, number) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a line of output is its position.
						<Line key={number} line={line} />
					))}
				</pre>
			)}
		</ScrollRegion>
	);
});

function Line({ line }: { line: readonly AnsiSpan[] }) {
	return (
		<div className="min-h-5 whitespace-pre">
			{line.map((span, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a run is its position in its line.
				<Run key={at} span={span} />
			))}
		</div>
	);
}

function Run({ span }: { span: AnsiSpan }) {
	return (
		<span
			className={cx(
				span.isBold && "font-semibold",
				span.isDim && "opacity-65",
				span.isItalic && "italic",
				span.isUnderlined && "underline",
				span.isStruck && "line-through",
			)}
			style={{ color: span.colour, backgroundColor: span.background }}
		>
			{span.text}
		</span>
	);
}
