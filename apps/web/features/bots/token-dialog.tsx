"use client";
import { Button } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";

/** A token on its one way to whoever runs the bot. */
export function TokenDialog({ title, token, onClose }: { title: string; token: string; onClose: () => void }) {
	return (
		<Dialog
			title={title}
			description="Give this token to its program, as BULLPEN_BOT_TOKEN. Then invite the bot into rooms as you would a person."
			onClose={onClose}
			footer={
				<Button variant="primary" onClick={onClose}>
					Done
				</Button>
			}
		>
			<div className="px-5 pt-4">
				<CopyField label="Token" value={token} note="It is not shown again. Whoever has it can speak as this bot." />
			</div>
		</Dialog>
	);
}
