"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import type { CodeToken } from "./highlight.ts";
import { ScrollRegion } from "./scroll-region.tsx";
import { visibleText } from "./visible-text.ts";

const COPIED_MS = 1_600;

export function CodeBlock({ code, language }: { code: string; language: string }) {
	const lines = useHighlight(code, language);
	return (
		<figure className="group/code relative overflow-hidden rounded-md border border-line bg-sunken">
			<div className="absolute end-1 top-1 opacity-0 transition-opacity focus-within:opacity-100 group-hover/code:opacity-100 pointer-coarse:opacity-100">
				<CopyButton text={code} />
			</div>
			<ScrollRegion label={language ? `Code, ${language}` : "Code"} className="max-h-120">
				<pre className="w-max min-w-full px-3.5 py-3 font-mono text-[0.8125rem] leading-[1.6]">
					<code>{lines ? lines.map(renderLine) : visibleText(code)}</code>
				</pre>
			</ScrollRegion>
		</figure>
	);
}

function renderLine(tokens: CodeToken[], number: number) {
	return (
		<span key={number}>
			{number > 0 && "\n"}
			{tokens.map((token, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a token is its position in its line.
				<span key={at} style={{ color: token.color }}>
					{visibleText(token.content)}
				</span>
			))}
		</span>
	);
}

/** Coloured lines once the language has been fetched; null until then, and for languages we do not know. */
function useHighlight(code: string, language: string): CodeToken[][] | null {
	const [shown, setShown] = useState<{ code: string; lines: CodeToken[][] } | null>(null);
	useEffect(() => {
		if (!language) return;
		let isCurrent = true;
		import("./highlight.ts")
			.then(({ highlight }) => highlight(code, language))
			.then((lines) => {
				if (isCurrent && lines) setShown({ code, lines });
			})
			.catch(() => {
				// Colours are an extra: offline, or after a deployment, the chunk may be out of reach.
			});
		return () => {
			isCurrent = false;
		};
	}, [code, language]);
	return shown?.code === code ? shown.lines : null;
}

function CopyButton({ text, label = "Copy code" }: { text: string; label?: string }) {
	const [isCopied, setCopied] = useState(false);
	useEffect(() => {
		if (!isCopied) return;
		const timer = setTimeout(() => setCopied(false), COPIED_MS);
		return () => clearTimeout(timer);
	}, [isCopied]);
	const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
	return (
		<IconButton label={isCopied ? "Copied" : label} tip="none" onClick={copy} className="bg-raised shadow-low">
			{isCopied ? <Check className="text-accent" /> : <Copy />}
		</IconButton>
	);
}
