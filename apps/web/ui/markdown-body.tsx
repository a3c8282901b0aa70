import { type ComponentProps, type ReactNode, useMemo } from "react";
import ReactMarkdown, { type Components, type ExtraProps } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CodeBlock } from "./code-block.tsx";
import { remarkFlatEnough } from "./flat-enough.ts";
import { InlineToken, useInlineTokens } from "./inline-tokens.tsx";
import { remarkLineBreaks } from "./line-breaks.ts";
import { remarkTokens, TOKEN_ATTRIBUTE } from "./remark-tokens.ts";
import { visibleText } from "./visible-text.ts";

const PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
const PLUGINS = [remarkGfm, remarkFlatEnough, remarkLineBreaks];

/** Never draws raw HTML or fetches an image; links go to the web or to mail, in another tab. */
export default function MarkdownBody({ text }: { text: string }) {
	const split = useInlineTokens()?.split;
	const plugins = useMemo(() => [...PLUGINS, ...(split ? [() => remarkTokens(split)] : [])], [split]);
	return (
		<ReactMarkdown remarkPlugins={plugins} components={COMPONENTS} urlTransform={safeUrl}>
			{text}
		</ReactMarkdown>
	);
}

function safeUrl(url: string): string | null {
	return URL.canParse(url) && PROTOCOLS.has(new URL(url).protocol) ? url : null;
}

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & ExtraProps;

const COMPONENTS: Components = {
	a: Link,
	img: ImageLink,
	span: Span,
	pre: Pre,
	code: ({ children }: Props<"code">) => (
		<code className="rounded-xs bg-selected px-1 py-0.5 font-mono text-[0.88em]">
			{typeof children === "string" ? visibleText(children) : children}
		</code>
	),
	h1: Heading,
	h2: Heading,
	h3: Heading,
	h4: Heading,
	h5: Heading,
	h6: Heading,
	ul: ({ children, className }: Props<"ul">) => (
		<ul
			className={
				className?.includes("contains-task-list") ? "space-y-1" : "list-disc space-y-0.5 ps-5 marker:text-text-faint"
			}
		>
			{children}
		</ul>
	),
	ol: ({ children, start }: Props<"ol">) => (
		<ol start={start} className="list-decimal space-y-0.5 ps-6 marker:text-text-faint marker:tabular-nums">
			{children}
		</ol>
	),
	li: ({ children }: Props<"li">) => <li className="space-y-1">{children}</li>,
	input: ({ checked }: Props<"input">) => (
		<input
			type="checkbox"
			aria-label={checked ? "Done" : "Not done"}
			checked={checked}
			disabled
			className="me-2 translate-y-px accent-accent"
		/>
	),
	blockquote: ({ children }: Props<"blockquote">) => (
		<blockquote className="space-y-2 border-line-strong border-s-3 ps-3 text-text-muted">{children}</blockquote>
	),
	hr: () => <hr className="border-line" />,
	strong: ({ children }: Props<"strong">) => <strong className="font-semibold">{children}</strong>,
	table: ({ children }: Props<"table">) => (
		<div className="overflow-x-auto">
			<table className="w-max max-w-full border-collapse text-sm">{children}</table>
		</div>
	),
	th: ({ children, style }: Props<"th">) => (
		<th className="border border-line bg-sunken px-2.5 py-1 text-start font-medium" style={style}>
			{children}
		</th>
	),
	td: ({ children, style }: Props<"td">) => (
		<td className="border border-line px-2.5 py-1" style={style}>
			{children}
		</td>
	),
};

function Heading({ children, node }: { children?: ReactNode } & ExtraProps) {
	const isLarge = node?.tagName === "h1" || node?.tagName === "h2";
	return <p className={isLarge ? "pt-1 font-semibold text-lg" : "pt-1 font-semibold"}>{children}</p>;
}

function Link({ href, children }: Props<"a">) {
	if (!href) return <span>{children}</span>;
	return (
		<a
			href={href}
			target="_blank"
			rel="noopener noreferrer nofollow"
			className="text-accent-text underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
		>
			{children}
		</a>
	);
}

function Span({ node, children }: Props<"span">) {
	const token = node?.properties[TOKEN_ATTRIBUTE];
	return typeof token === "string" ? <InlineToken token={token} /> : <span>{children}</span>;
}

/** A remote image would tell its server who reads: it stays a link. */
function ImageLink({ src, alt }: Props<"img">) {
	return <Link href={typeof src === "string" ? src : undefined}>{alt || "image"}</Link>;
}

function Pre({ node }: Props<"pre">) {
	const code = node?.children[0];
	if (code?.type !== "element") return null;
	const names = code.properties.className;
	const language = Array.isArray(names) ? String(names[0] ?? "").replace("language-", "") : "";
	const text = code.children.map((child) => (child.type === "text" ? child.value : "")).join("");
	return <CodeBlock code={text.replace(/\n$/, "")} language={language} />;
}
