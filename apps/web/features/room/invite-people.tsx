"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import { useMemo, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { PeoplePicker } from "../../live/people-picker.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { useAttempt } from "../../ui/use-attempt.ts";
import type { Governance, GovernVerbs } from "./governance.ts";

const AT_ONCE = 20;

interface InvitePeopleProps {
	governance: Governance;
	verbs: GovernVerbs;
	onClose: () => void;
}

/** Invites people of this server by their names. They find the room in their sidebar and join it. */
export default function InvitePeople({ governance, verbs, onClose }: InvitePeopleProps) {
	const { directory } = useLive();
	const { people } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const [chosen, setChosen] = useState<string[]>([]);
	const [role, setRole] = useState<"member" | "guest">("member");
	const { isBusy, refusal, run } = useAttempt(onClose);
	const others = useMemo(() => {
		const known = new Set([...governance.people, ...governance.outside].map(({ id }) => id));
		return activePeople(people).filter(({ id }) => !known.has(id));
	}, [people, governance]);
	const invite = async () => {
		const left: string[] = [];
		let why: string | null = null;
		for (const userId of chosen) {
			const refused = await verbs.invite(userId, role);
			if (refused === null) continue;
			left.push(userId);
			why = refused;
		}
		setChosen(left);
		return why;
	};
	return (
		<FormDialog
			title="Add people"
			description="They find the room in their sidebar and choose to join it. Bots are in at once."
			act="Invite"
			canAct={chosen.length > 0}
			isBusy={isBusy}
			className="min-h-72"
			onAct={() => run(invite)}
			onClose={onClose}
		>
			<SelectField
				label="As"
				value={role}
				onChange={(event) => setRole(event.target.value === "guest" ? "guest" : "member")}
			>
				<option value="member">Members: they read, write and invite</option>
				<option value="guest">Guests: they read and write</option>
			</SelectField>
			<PeoplePicker
				label="People"
				people={others}
				chosen={chosen}
				max={AT_ONCE}
				isFocused
				error={refusal ?? undefined}
				onChange={setChosen}
			/>
		</FormDialog>
	);
}
