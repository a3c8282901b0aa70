"use client";
import { lazy, memo, Suspense } from "react";
import { cx } from "./cx.ts";
import { isPlainText } from "./plain-text.ts";

const MarkdownBody = lazy(() => import("./markdown-body.tsx"));

/**
 * People's and agents' words. Text without any markup is drawn at once; the parser is only fetched for the rest,
 * which reads as plain text until it has come.
 */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className?: string }) {
	return (
		<div className={cx("min-w-0 space-y-2 break-words [overflow-wrap:anywhere]", className)}>
			{isPlainText(text) ? (
				<PlainText text={text} />
			) : (
				<Suspense fallback={<PlainText text={text} />}>
					<MarkdownBody text={text} />
				</Suspense>
			)}
		</div>
	);
});

function PlainText({ text }: { text: string }) {
	return <p className="whitespace-pre-wrap">{text}</p>;
}
