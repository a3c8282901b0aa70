"use client";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Field } from "../../ui/field.tsx";

const SHOWN_MAX = 6;

/** Lets people of this server into a workspace that is open by invitation only. */
export function Invite({ people, onInvite }: { people: readonly Person[]; onInvite: (userId: string) => void }) {
	const [query, setQuery] = useState("");
	const wanted = query.trim().toLowerCase();
	const found = people.filter((person) => person.name.toLowerCase().includes(wanted)).slice(0, SHOWN_MAX);
	return (
		<div className="mt-4 border-line border-t pt-4">
			<Field
				label="Invite"
				value={query}
				autoComplete="off"
				placeholder="Find a name…"
				onChange={(event) => setQuery(event.target.value)}
			/>
			{found.length === 0 && <p className="mt-2 text-sm text-text-faint">Nobody else has such a name.</p>}
			<ul className="-mx-2 mt-1">
				{found.map((person) => (
					<li key={person.id}>
						<button
							type="button"
							onClick={() => {
								onInvite(person.id);
								setQuery("");
							}}
							className="flex h-9 w-full items-center gap-2.5 rounded-md px-2 text-start text-sm hover:bg-hover pointer-coarse:h-11"
						>
							<Avatar id={person.id} name={person.name} size="sm" />
							<span className="sr-only">Invite </span>
							<span className="min-w-0 flex-1 truncate">{person.name}</span>
							<UserPlus className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}
