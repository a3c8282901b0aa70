"use client";
import type { PersonRow } from "@bullpen/domain/directory";
import { activePeople, statusNow } from "@bullpen/domain/directory-view";
import { Bot, History, Search, UserPlus, Users } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { peopleFor } from "../../live/people-picker.tsx";
import { useTitle } from "../../live/use-title.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Blank } from "../../ui/blank.tsx";
import { BotBadge } from "../../ui/bot-badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { useNow } from "../../ui/use-now.ts";

const PersonDialog = fetched(() => import("./person-dialog.tsx"));
const InviteDialog = fetched(() => import("./invite-dialog.tsx"));

/** Everybody who has an account here. */
export function PeopleScreen() {
	const { me, directory } = useLive();
	const { people, isLoaded } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const [query, setQuery] = useState("");
	const [openId, setOpenId] = useState<string | null>(null);
	const [isInviting, setInviting] = useState(false);
	useTitle("People");
	const isOwner = me.role === "owner";
	const here = peopleFor(query, activePeople(people));
	const gone = isOwner
		? peopleFor(
				query,
				people.filter(({ deactivatedAt }) => deactivatedAt !== undefined),
			)
		: [];
	const opened = people.find(({ id }) => id === openId);
	return (
		<>
			<PageHeader icon={<Users />} title="People">
				{isOwner && (
					<>
						<ButtonLink size="sm" variant="ghost" href="/bots" aria-label="Bots">
							<Bot className="size-3.5" aria-hidden="true" />
							<span className="max-sm:sr-only">Bots</span>
						</ButtonLink>
						<ButtonLink size="sm" variant="ghost" href="/audit" aria-label="Activity">
							<History className="size-3.5" aria-hidden="true" />
							<span className="max-sm:sr-only">Activity</span>
						</ButtonLink>
						<Button size="sm" variant="primary" onClick={() => setInviting(true)}>
							<UserPlus className="size-3.5" aria-hidden="true" />
							Invite
						</Button>
					</>
				)}
			</PageHeader>
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 pt-5 pb-16 md:px-6">
					<SearchField label="Find a person" value={query} onChange={setQuery} />
					{!isLoaded && <SkeletonRows label="Loading people" count={4} />}
					{isLoaded && here.length + gone.length === 0 && (
						<Blank icon={<Search />} isPage={false} title="Nobody here has such a name" />
					)}
					{here.length > 0 && <PeopleList people={here} me={me.id} onOpen={setOpenId} />}
					{gone.length > 0 && (
						<section aria-labelledby="gone" className="pt-8">
							<h2 id="gone" className="pb-2 font-medium text-sm text-text-muted">
								Closed accounts
							</h2>
							<PeopleList people={gone} me={me.id} onOpen={setOpenId} />
						</section>
					)}
				</div>
			</div>
			{opened && <PersonDialog person={opened} onClose={() => setOpenId(null)} />}
			{isInviting && <InviteDialog onClose={() => setInviting(false)} />}
		</>
	);
}

interface PeopleListProps {
	people: readonly PersonRow[];
	me: string;
	onOpen: (userId: string) => void;
}

function PeopleList({ people, me, onOpen }: PeopleListProps) {
	const now = useNow(60_000);
	return (
		<ul className="mt-4 divide-y divide-line rounded-lg border border-line">
			{people.map((person) => {
				const status = statusNow(person, now);
				return (
					<li key={person.id}>
						<button
							type="button"
							onClick={() => onOpen(person.id)}
							className="flex min-h-13 w-full items-center gap-3 px-4 py-2.5 text-start transition-colors hover:bg-hover"
						>
							<Avatar id={person.id} name={person.name} />
							<span className="min-w-0 flex-1">
								<span className="flex items-center gap-2">
									<span className="truncate font-medium">{person.name}</span>
									{person.id === me && <span className="text-text-faint text-xs">you</span>}
								</span>
								{status && (
									<span className="block truncate text-sm text-text-muted">
										{status.emoji} {status.text}
									</span>
								)}
							</span>
							{person.bot && <BotBadge />}
							{person.role !== "member" && !person.bot && <Badge>{person.role === "owner" ? "Owner" : "Guest"}</Badge>}
						</button>
					</li>
				);
			})}
		</ul>
	);
}
