"use client";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Invite } from "./invite.tsx";
import { PlanView } from "./plan.tsx";
import { Queue } from "./queue.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

interface PanelProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
	tab: string;
	onTab: (tab: string) => void;
}

export function Panel({ workspace, me, personOf, verbs, tab, onTab }: PanelProps) {
	const { queue, outgoing, plan, people } = workspace;
	const waiting = queue.length + outgoing.length;
	return (
		<Tabs.Root value={tab} onValueChange={onTab} className="flex min-h-0 flex-1 flex-col">
			<Tabs.List
				aria-label="About this workspace"
				className="flex h-13 shrink-0 items-center gap-1 border-line border-b px-3"
			>
				<Tab value="plan">Plan</Tab>
				<Tab value="queue">Queue{waiting > 0 && <Count>{waiting}</Count>}</Tab>
				<Tab value="people">
					People<Count>{people.length}</Count>
				</Tab>
			</Tabs.List>
			<div className="min-h-0 flex-1 overflow-y-auto p-4">
				<Tabs.Content value="plan" tabIndex={-1} className="outline-none">
					{plan ? (
						<PlanView entries={plan} />
					) : (
						<p className="text-sm text-text-faint">When the agent makes a plan, its steps are ticked off here.</p>
					)}
				</Tabs.Content>
				<Tabs.Content value="queue" tabIndex={-1} className="outline-none">
					<Queue workspace={workspace} me={me} personOf={personOf} verbs={verbs} />
				</Tabs.Content>
				<Tabs.Content value="people" tabIndex={-1} className="outline-none">
					<ul className="-mx-2">
						{people.map((person) => (
							<li key={person.id} className="flex h-9 items-center gap-2.5 px-2 text-sm">
								<Avatar id={person.id} name={person.name} size="sm" isOnline={person.isOnline} />
								<span className="truncate">{person.name}</span>
								{person.id === workspace.session.ownerId && <span className="text-text-faint text-xs">owner</span>}
								{person.id === me && <span className="text-text-faint text-xs">you</span>}
							</li>
						))}
					</ul>
					{workspace.invitable.length > 0 && <Invite people={workspace.invitable} onInvite={verbs.invite} />}
				</Tabs.Content>
			</div>
		</Tabs.Root>
	);
}

function Tab({ value, children }: { value: string; children: ReactNode }) {
	return (
		<Tabs.Trigger
			value={value}
			className="flex h-7.5 items-center gap-1.5 rounded-md px-2.5 font-medium text-sm text-text-muted transition-colors hover:text-text data-[state=active]:bg-selected data-[state=active]:text-text pointer-coarse:h-10"
		>
			{children}
		</Tabs.Trigger>
	);
}

function Count({ children }: { children: ReactNode }) {
	return <span className="text-text-faint text-xs tabular-nums">{children}</span>;
}
