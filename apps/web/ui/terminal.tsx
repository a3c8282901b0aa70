import { memo } from "react";
import { type AnsiSpan, parseAnsi } from "./ansi.ts";
import { cx } from "./cx.ts";
import { ScrollRegion } from "./scroll-region.tsx";

/** Output of a program: colours kept, nothing executed. */
export const Terminal = memo(function Terminal({ output, label }: { output: string; label: string }) {
	return (
		<ScrollRegion
			label={label}
			className="max-h-88 rounded-md bg-sunken px-3 py-2.5 font-mono text-xs leading-5 ring-1 ring-line ring-inset"
		>
			<pre className="w-max min-w-full whitespace-pre">
				{parseAnsi(output).map((line, number) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line of output is its position.
					<div key={number} className="min-h-5">
						{line.map((span, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: as above.
							<Run key={at} span={span} />
						))}
					</div>
				))}
			</pre>
		</ScrollRegion>
	);
});

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
