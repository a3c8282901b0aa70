"use client";
import { Sparkles } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { agentTitle } from "../../live/agent-words.ts";
import type { PersonOf } from "../../live/person.ts";
import { fetched } from "../../ui/fetched.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

const AgentPanel = fetched(() => import("./agent-panel.tsx"));

export interface AgentChipProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: Pick<WorkspaceVerbs, "setAgent" | "choose" | "setPayer">;
}

/** Which agent works here. Behind it: its mode and model, who pays, and what it has used. */
export function AgentChip(props: AgentChipProps) {
	const [isWanted, setWanted] = useState(false);
	const { agent } = props.workspace.session;
	const chip = (
		<AgentButton
			agent={agent}
			onPointerEnter={AgentPanel.ahead}
			onFocus={AgentPanel.ahead}
			onClick={() => setWanted(true)}
		/>
	);
	if (!isWanted) return chip;
	return <AgentPanel place={chip} onFail={() => setWanted(false)} {...props} />;
}

export function AgentButton({ agent, ...rest }: ComponentProps<"button"> & { agent: string }) {
	return (
		<button
			type="button"
			aria-label={`Agent: ${agentTitle(agent)}`}
			className="flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2 font-medium text-text-muted text-xs transition-colors hover:bg-hover hover:text-text pointer-coarse:h-10 pointer-coarse:px-2.5 data-[state=open]:bg-selected"
			{...rest}
		>
			<Sparkles className="size-4" aria-hidden="true" />
			<span className="hidden @min-[52rem]/head:inline">{agentTitle(agent)}</span>
		</button>
	);
}
