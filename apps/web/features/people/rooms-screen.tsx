"use client";
import type { DirectoryRoomRow } from "@bullpen/domain/directory";
import { Archive, Compass, Hash, PackageOpen, Plus, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { useAct } from "../../live/use-act.ts";
import { useTitle } from "../../live/use-title.ts";
import { Badge } from "../../ui/badge.tsx";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { Link } from "../../ui/link.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";

const NewRoomDialog = fetched(() => import("./new-room-dialog.tsx"));
const ImportRoomDialog = fetched(() => import("./import-room-dialog.tsx"));

/** Every room that is open to everybody here. */
export function RoomsScreen() {
	const { me, directory, inbox } = useLive();
	const listed = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const [query, setQuery] = useState("");
	const [isMaking, setMaking] = useState(false);
	const [isImporting, setImporting] = useState(false);
	useTitle("Rooms");
	const joined = new Set(mine.rooms.map(({ id }) => id));
	const found = listed.rooms.filter((room) => fits(room, query));
	const open = found.filter(({ archivedAt }) => archivedAt === undefined);
	const archived = found.filter(({ archivedAt }) => archivedAt !== undefined);
	const mayMake = me.role !== "guest";
	return (
		<>
			<PageHeader icon={<Compass />} title="Rooms">
				{me.role === "owner" && (
					<Button size="sm" variant="ghost" onClick={() => setImporting(true)}>
						<PackageOpen className="size-3.5" aria-hidden="true" />
						Import
					</Button>
				)}
				{mayMake && (
					<Button size="sm" variant="primary" onClick={() => setMaking(true)}>
						<Plus className="size-3.5" aria-hidden="true" />
						New room
					</Button>
				)}
			</PageHeader>
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 pt-5 pb-16 md:px-6">
					<SearchField label="Find a room" value={query} onChange={setQuery} />
					{!listed.isLoaded && <SkeletonRows label="Loading rooms" count={3} />}
					{listed.isLoaded && found.length === 0 && <NothingFound isGuest={me.role === "guest"} />}
					{open.length > 0 && (
						<ul className="mt-4 divide-y divide-line rounded-lg border border-line">
							{open.map((room) => (
								<RoomLine key={room.id} room={room} isJoined={joined.has(room.id)} />
							))}
						</ul>
					)}
					{archived.length > 0 && (
						<section aria-labelledby="archived" className="pt-8">
							<h2 id="archived" className="pb-2 font-medium text-sm text-text-muted">
								Archived
							</h2>
							<ul className="divide-y divide-line rounded-lg border border-line">
								{archived.map((room) => (
									<RoomLine key={room.id} room={room} isJoined={joined.has(room.id)} />
								))}
							</ul>
						</section>
					)}
				</div>
			</div>
			{isMaking && <NewRoom onClose={() => setMaking(false)} />}
			{isImporting && <ImportRoomDialog onClose={() => setImporting(false)} />}
		</>
	);
}

function NothingFound({ isGuest }: { isGuest: boolean }) {
	return isGuest ? (
		<Blank icon={<Compass />} isPage={false} title="Rooms are by invitation for guests">
			Those you were invited to are in the sidebar. Somebody who is in another one can invite you.
		</Blank>
	) : (
		<Blank icon={<Search />} isPage={false} title="No room of that name is open to everybody">
			Private rooms are not listed: somebody who is in one can invite you.
		</Blank>
	);
}

function RoomLine({ room, isJoined }: { room: DirectoryRoomRow; isJoined: boolean }) {
	const isArchived = room.archivedAt !== undefined;
	return (
		<li>
			<Link
				href={`/r/${room.id}`}
				className="flex min-h-13 items-center gap-3 px-4 py-2.5 transition-colors hover:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-faint"
			>
				{isArchived ? <Archive aria-hidden="true" /> : <Hash aria-hidden="true" />}
				<span className="min-w-0 flex-1">
					<span className="block truncate font-medium">{room.name}</span>
					{room.topic !== "" && <span className="block truncate text-sm text-text-muted">{room.topic}</span>}
				</span>
				{isJoined && <Badge tone="accent">Joined</Badge>}
			</Link>
		</li>
	);
}

function NewRoom({ onClose }: { onClose: () => void }) {
	const { directory } = useLive();
	const { isBusy, error, run } = useAct();
	const [taken, setTaken] = useState(false);
	const router = useRouter();
	return (
		<NewRoomDialog
			name=""
			visibility="public"
			isBusy={isBusy}
			error={taken ? "There is a room of this name already." : error}
			onClose={onClose}
			onCreate={(room) =>
				run(async () => {
					const { roomId, created } = await directory.openRoom(room);
					setTaken(!created);
					if (created) router.push(`/r/${roomId}`);
				})
			}
		/>
	);
}

const fits = ({ name, topic }: DirectoryRoomRow, query: string) =>
	`${name} ${topic}`.toLowerCase().includes(query.trim().replace(/^#/, "").toLowerCase());
