"use client";
import { lazy, memo, Suspense } from "react";
import { cx } from "./cx.ts";
import { markdownBlocks } from "./markdown-blocks.ts";
import { isPlainText } from "./plain-text.ts";

const MarkdownBody = lazy(() => import("./markdown-body.tsx"));

/**
 * People's and agents' words. Text without any markup is drawn at once; the parser is only fetched for the rest,
 * which reads as plain text until it has come.
 */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className?: string }) {
	return (
		<div className={cx(LOOK, className)}>
			<Block text={text} />
		</div>
	);
});

/** Words that are still being written: only the last block is drawn anew as they grow. */
export function GrowingMarkdown({ text, className }: { text: string; className?: string }) {
	return (
		<div className={cx(LOOK, className)}>
			{markdownBlocks(text).map((block, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: blocks are only added at the end.
				<Block key={index} text={block} />
			))}
		</div>
	);
}

const LOOK = "min-w-0 space-y-2 break-words [overflow-wrap:anywhere]";

const Block = memo(function Block({ text }: { text: string }) {
	if (isPlainText(text)) return <PlainText text={text} />;
	return (
		<Suspense fallback={<PlainText text={text} />}>
			<MarkdownBody text={text} />
		</Suspense>
	);
});

function PlainText({ text }: { text: string }) {
	return <p className="whitespace-pre-wrap">{text}</p>;
}
