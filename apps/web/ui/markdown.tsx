"use client";
import { Component, memo, type ReactNode } from "react";
import { cx } from "./cx.ts";
import { fetched } from "./fetched.tsx";
import { type InlineTokens, TextWithTokens, useInlineTokens } from "./inline-tokens.tsx";
import { markdownBlocks } from "./markdown-blocks.ts";
import { isPlainText } from "./plain-text.ts";

const MarkdownBody = fetched(() => import("./markdown-body.tsx"));

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
	const tokens = useInlineTokens();
	if (isPlainText(tokens === null ? text : wordsOf(tokens.split(text)))) return <PlainText text={text} />;
	const plain = <PlainText text={text} />;
	return (
		<Unparsed text={text}>
			<MarkdownBody place={plain} instead={plain} text={text} />
		</Unparsed>
	);
});

/** What nests without end is not drawn as markup but as plain text. */
class Unparsed extends Component<{ text: string; children: ReactNode }, { hasFailed: boolean }> {
	override state = { hasFailed: false };

	static getDerivedStateFromError(): { hasFailed: boolean } {
		return { hasFailed: true };
	}

	override componentDidUpdate(before: { text: string }): void {
		if (this.state.hasFailed && before.text !== this.props.text) this.setState({ hasFailed: false });
	}

	override render(): ReactNode {
		return this.state.hasFailed ? <PlainText text={this.props.text} /> : this.props.children;
	}
}

const wordsOf = (pieces: ReturnType<InlineTokens["split"]>): string =>
	pieces.map((piece) => (typeof piece === "string" ? piece : "x")).join("");

function PlainText({ text }: { text: string }) {
	return (
		<p className="whitespace-pre-wrap">
			<TextWithTokens text={text} />
		</p>
	);
}
