"use client";
import type { ServerAct, ServerAuditPage } from "@bullpen/domain/audit";
import { History } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { AuditTrail } from "../../live/audit-trail.tsx";
import { useLive } from "../../live/live.tsx";
import type { PersonOf } from "../../live/person.ts";
import { usePeople } from "../../live/use-people.ts";
import { useTitle } from "../../live/use-title.ts";
import { Blank } from "../../ui/blank.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";

/** What those who run the server did, for its owners. */
export function AuditScreen() {
	const { me, directory } = useLive();
	const personOf = usePeople(NOBODY);
	const isThere = useSyncExternalStore(
		directory.subscribe,
		() => directory.getSnapshot().isLoaded,
		() => false,
	);
	useTitle("Activity");
	return (
		<>
			<PageHeader icon={<History />} title="Activity" subtitle="What owners of this server did" />
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 pt-5 pb-16 md:px-6">
					{me.role === "owner" && !isThere ? (
						<SkeletonRows label="Loading activity" count={3} />
					) : me.role === "owner" ? (
						<AuditTrail<ServerAuditPage["entries"][number]>
							read={(page) => directory.getAudit(page)}
							wordsFor={(act) => wordsOf(act, personOf)}
							empty="Nothing was done yet. Invitations, password links and closed accounts appear here."
						/>
					) : (
						<Blank icon={<History />} isPage={false} title="This is for owners of the server" />
					)}
				</div>
			</div>
		</>
	);
}

const scopesIn = (scopes: readonly string[]): string => (scopes.length === 0 ? "nothing by itself" : scopes.join(", "));

const NOBODY: ReadonlySet<string> = new Set();

function wordsOf(act: ServerAct, personOf: PersonOf): ReactNode {
	const name = (id: string) => <strong className="font-medium">{personOf(id).name}</strong>;
	switch (act.type) {
		case "person-deactivated":
			return (
				<>
					{name(act.by)} closed the account of {name(act.userId)}
				</>
			);
		case "person-reactivated":
			return (
				<>
					{name(act.by)} opened the account of {name(act.userId)} again
				</>
			);
		case "invitation-made":
			return (
				<>
					{name(act.by)} made an invitation for a {act.role}
				</>
			);
		case "reset-link-made":
			return (
				<>
					{name(act.by)} made a link for a new password of {name(act.userId)}
				</>
			);
		case "room-imported":
			return (
				<>
					{name(act.by)} imported the room #{act.name}
				</>
			);
		case "bot-created":
			return (
				<>
					{name(act.by)} made the bot {name(act.userId)}: {scopesIn(act.scopes)}
				</>
			);
		case "bot-renamed":
			return (
				<>
					{name(act.by)} renamed the bot {act.from} to {act.to}
				</>
			);
		case "bot-scopes-changed":
			return (
				<>
					{name(act.by)} changed what {name(act.userId)} may do: {scopesIn(act.to)}
				</>
			);
		case "bot-token-made":
			return (
				<>
					{name(act.by)} made a new token for {name(act.userId)}
				</>
			);
		case "bot-token-revoked":
			return (
				<>
					{name(act.by)} withdrew the token of {name(act.userId)}
				</>
			);
	}
}
