"use client";
import type { ItemBody } from "@bullpen/domain/transcript/item";
import type { PermissionRow } from "@bullpen/domain/workspace";
import { ShieldQuestionMark } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Diff } from "../../ui/diff.tsx";
import { Terminal } from "../../ui/terminal.tsx";
import { countdownOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { inOrder, isAllowing } from "./permission-options.ts";

type Tool = Extract<ItemBody, { type: "tool" }>;

interface PermissionCardProps {
	permission: PermissionRow;
	/** The call the question is about, where it is known. */
	tool: Tool | undefined;
	/** How many more questions wait behind this one. */
	waiting: number;
	canAnswer: boolean;
	/** Why it does not count, in words, or null when it does. */
	onAnswer: (optionId: string) => Promise<string | null>;
}

/** A question of the agent that waits for anybody's answer. The first one counts. */
export function PermissionCard({ permission, tool, waiting, canAnswer, onAnswer }: PermissionCardProps) {
	const [answered, setAnswered] = useState<string | null>(null);
	const [refusal, setRefusal] = useState<string | null>(null);
	const left = permission.expiresAt - useNow(1_000);
	const answer = async (optionId: string) => {
		setAnswered(optionId);
		const refused = await onAnswer(optionId);
		setRefusal(refused);
		if (refused !== null) setAnswered(null);
	};
	return (
		<section
			role="alertdialog"
			aria-label={`The agent asks: ${permission.title}`}
			className="rounded-lg bg-raised p-3.5 shadow-mid ring-1 ring-attention animate-rise"
		>
			<div className="flex items-start gap-2.5">
				<ShieldQuestionMark className="mt-0.5 size-4.5 shrink-0 text-attention-text" aria-hidden="true" />
				<div className="min-w-0 flex-1">
					<p className="font-semibold [overflow-wrap:anywhere]">{permission.title}</p>
					<p className="text-text-faint text-xs">
						The agent waits for an answer. Without one it is a no in{" "}
						<span className="tabular-nums">{countdownOf(left)}</span>
						{waiting > 0 && `. ${waiting} more ${waiting === 1 ? "question waits" : "questions wait"}`}
					</p>
				</div>
			</div>
			<div className="mt-2.5 max-h-56 overflow-y-auto">
				<Asked permission={permission} tool={tool} />
			</div>
			{refusal && (
				<p role="alert" className="mt-2 text-danger-text text-sm">
					{refusal}
				</p>
			)}
			{canAnswer ? (
				<div className="mt-3 flex flex-wrap gap-2">
					{inOrder(permission.options).map((option, index) => (
						<Button
							key={option.optionId}
							variant={index === 0 && isAllowing(option) ? "primary" : "secondary"}
							size="sm"
							isBusy={answered === option.optionId}
							disabled={answered !== null}
							onClick={() => answer(option.optionId)}
						>
							{option.name}
						</Button>
					))}
				</div>
			) : (
				<p className="mt-3 text-sm text-text-muted">You are watching: somebody else has to answer.</p>
			)}
		</section>
	);
}

/** The very thing that is asked for: the change, the command, or what the agent said of it. */
function Asked({ permission, tool }: { permission: PermissionRow; tool: Tool | undefined }) {
	const diffs = (tool?.content ?? []).flatMap((part) => (part.type === "diff" ? [part] : []));
	if (diffs.length > 0) return diffs.map((diff) => <Diff key={diff.path} {...diff} />);
	const detail = permission.detail ?? tool?.input;
	if (detail === undefined) return null;
	return <Terminal output={commandIn(detail) ?? detail} label="What is asked" />;
}

/** The command in an agent's own JSON, or null. Agents write it as text or as a list. */
function commandIn(json: string): string | null {
	try {
		const value: unknown = JSON.parse(json);
		if (typeof value === "string") return value;
		if (typeof value !== "object" || value === null) return null;
		const command: unknown = "command" in value ? value.command : "cmd" in value ? value.cmd : undefined;
		if (typeof command === "string") return `$ ${command}`;
		if (Array.isArray(command)) return `$ ${command.join(" ")}`;
		return JSON.stringify(value, null, 2);
	} catch {
		return null; // capped in the middle of a value: shown as it came
	}
}
