"use client";
import { Eye, User } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { OptionGroup } from "../../ui/option-group.tsx";
import { accountCalls } from "./account-calls.ts";

/** A link by which one person makes an account here. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
	const [role, setRole] = useState<"member" | "guest">("member");
	const [made, setMade] = useState<{ url: string | null; refusal: string | null }>({ url: null, refusal: null });
	const [isBusy, setBusy] = useState(false);
	const make = async () => {
		setBusy(true);
		setMade(await accountCalls.invitation(role));
		setBusy(false);
	};
	return (
		<Dialog
			title="Invite to this server"
			description="A link makes one account, within a week."
			onClose={onClose}
			footer={
				made.url === null ? (
					<>
						<Button onClick={onClose}>Cancel</Button>
						<Button variant="primary" isBusy={isBusy} onClick={make}>
							Make a link
						</Button>
					</>
				) : (
					<Button variant="primary" onClick={onClose}>
						Done
					</Button>
				)
			}
		>
			<div className="px-5 pt-4">
				{made.url === null ? (
					<OptionGroup label="As what" isLabelHidden name="role" value={role} options={ROLES} onChange={setRole} />
				) : (
					<CopyField label="Link" value={made.url} note="Send it to one person. It is not shown again." />
				)}
				{made.refusal !== null && (
					<p role="alert" className="mt-3 text-danger-text text-sm">
						{made.refusal}
					</p>
				)}
			</div>
		</Dialog>
	);
}

const ROLES = [
	{
		value: "member",
		icon: <User />,
		title: "Member",
		meaning: "Finds public rooms, makes rooms and workspaces, writes to everybody.",
	},
	{
		value: "guest",
		icon: <Eye />,
		title: "Guest",
		meaning: "Only what they are invited to; watches workspaces without prompting.",
	},
] as const;
