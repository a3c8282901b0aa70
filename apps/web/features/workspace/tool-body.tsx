"use client";
import type { ItemBody, ToolContent } from "@bullpen/domain/transcript/item";
import { useState } from "react";
import { wordsFor } from "../../live/words.ts";
import { Button } from "../../ui/button.tsx";
import { Diff } from "../../ui/diff.tsx";
import { Picture } from "../../ui/picture.tsx";
import { sizeOf } from "../../ui/size.ts";
import { Terminal } from "../../ui/terminal.tsx";
import { visibleText } from "../../ui/visible-text.ts";
import { prettyJson } from "./pretty-json.ts";
import { unfenced } from "./unfenced.ts";

type Tool = Extract<ItemBody, { type: "tool" }>;

interface ToolBodyProps {
	tool: Tool;
	onShowWhole: () => Promise<string>;
	pictureOf: (position: number) => Promise<string>;
}

/** What a call did: its changes, its output, its pictures; its input where there is nothing else. */
export function ToolBody({ tool, onShowWhole, pictureOf }: ToolBodyProps) {
	const [whole, setWhole] = useState<string | null>(null);
	const { content, paths, input, omittedBytes } = tool;
	const diffPaths = new Set(content.flatMap((part) => (part.type === "diff" ? [part.path] : [])));
	const otherPaths = paths.filter((path) => !diffPaths.has(path));
	return (
		<div className="mt-1 mb-2 space-y-2 ps-6">
			{otherPaths.length > 0 && (
				<p className="break-all font-mono text-text-faint text-xs">{visibleText(otherPaths.join(", "))}</p>
			)}
			{whole === null ? (
				content.map((part, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: parts of an output have no other name and only grow.
					<Part key={index} part={part} title={tool.title} load={() => pictureOf(index)} />
				))
			) : (
				<Terminal output={unfenced(whole)} label={`Whole output of ${tool.title}`} />
			)}
			{content.length === 0 && input !== undefined && <Terminal output={prettyJson(input)} label="Input" />}
			{omittedBytes !== undefined && whole === null && (
				<ShowWhole bytes={omittedBytes} onShow={() => onShowWhole().then(setWhole)} />
			)}
		</div>
	);
}

function Part({ part, title, load }: { part: ToolContent; title: string; load: () => Promise<string> }) {
	switch (part.type) {
		case "diff":
			return <Diff path={part.path} oldText={part.oldText} newText={part.newText} />;
		case "image":
			return <Picture label={`Picture of ${title}`} width={part.width} height={part.height} load={load} />;
		case "text":
			return part.text.trim() === "" ? (
				<p className="text-text-faint text-xs">No output.</p>
			) : (
				<Terminal output={unfenced(part.text)} label={`Output of ${title}`} />
			);
	}
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
