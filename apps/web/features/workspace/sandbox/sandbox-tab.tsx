"use client";
import { ScrollRegion } from "../../../ui/scroll-region.tsx";
import type { SideTabProps } from "../side/side-tab.ts";
import { Bounds } from "./bounds.tsx";
import { Isolation } from "./isolation.tsx";
import { Network } from "./network.tsx";
import { reachVerbs } from "./reach-verbs.ts";

/** What the agent's programs can reach, take and see. */
export default function SandboxTab({ workspace, verbs }: SideTabProps) {
	const { session } = workspace;
	if (session.sandboxKind === "virtual") {
		return (
			<ScrollRegion label="Sandbox" className="min-h-0 flex-1 p-4">
				<p className="font-medium text-sm">No program is run in this workspace.</p>
				<p className="mt-1 text-sm text-text-muted">
					The agent works on files in memory, so there is nothing to confine. {session.sandboxNote}
				</p>
			</ScrollRegion>
		);
	}
	return (
		<ScrollRegion label="Sandbox" className="min-h-0 flex-1 p-4">
			<div className="space-y-6">
				<Network egress={session.egress} refused={session.refusedHosts ?? []} verbs={reachVerbs(workspace, verbs)} />
				{session.sandbox ? (
					<>
						<Bounds limits={session.sandbox.limits} />
						<Isolation proof={session.sandbox.proof} />
					</>
				) : (
					<p className="border-line border-t pt-4 text-sm text-text-muted">
						The sandbox has not been started yet. What bounds it, and what its self-test found, is shown from its first
						start on.
					</p>
				)}
			</div>
		</ScrollRegion>
	);
}
