"use client";
import type { GivenRole } from "@bullpen/domain/workspace-life";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Person } from "../../../live/person.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { ROLES } from "./role-words.ts";

const SHOWN_MAX = 6;

interface InviteProps {
	people: readonly Person[];
	onInvite: (userId: string, role: GivenRole) => void;
}

/** Lets people of this server into a workspace by their names, as what the owner wants them to be. */
export function Invite({ people, onInvite }: InviteProps) {
	const [query, setQuery] = useState("");
	const [role, setRole] = useState<GivenRole>("prompter");
	const wanted = query.trim().toLowerCase();
	const found = wanted === "" ? [] : people.filter(({ name }) => name.toLowerCase().includes(wanted));
	return (
		<section aria-label="Invite">
			<div className="flex items-end gap-2">
				<Field
					className="min-w-0 flex-1"
					label="Invite"
					value={query}
					autoComplete="off"
					placeholder="Find a name…"
					onChange={(event) => setQuery(event.target.value)}
				/>
				<Select
					aria-label="As"
					className="shrink-0"
					value={role}
					onChange={(event) => setRole(event.target.value === "viewer" ? "viewer" : "prompter")}
				>
					<option value="prompter">{ROLES.prompter.label}</option>
					<option value="viewer">{ROLES.viewer.label}</option>
				</Select>
			</div>
			{wanted !== "" && found.length === 0 && (
				<p className="mt-2 text-sm text-text-faint">Nobody else has such a name.</p>
			)}
			<ul className="-mx-2 mt-1">
				{found.slice(0, SHOWN_MAX).map((person) => (
					<li key={person.id}>
						<button
							type="button"
							onClick={() => {
								onInvite(person.id, role);
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
			{found.length > SHOWN_MAX && (
				<p className="mt-1 text-text-faint text-xs">{found.length - SHOWN_MAX} more: type more of the name.</p>
			)}
		</section>
	);
}
