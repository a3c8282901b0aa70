"use client";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export interface Question {
	title: string;
	description: ReactNode;
	/** What its button says. */
	act: string;
	/** Why not, in words, or null when it is done. */
	onAct: () => Promise<string | null>;
}

/** Asked before something that others feel. Closes by itself when it is done, and says why when it is not. */
export default function Confirm({ question, onClose }: { question: Question; onClose: () => void }) {
	const [isBusy, setBusy] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const act = async () => {
		setBusy(true);
		const refused = await question.onAct();
		setBusy(false);
		setRefusal(refused);
		if (refused === null) onClose();
	};
	return (
		<Dialog
			role="alertdialog"
			title={question.title}
			description={question.description}
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button variant="danger" isBusy={isBusy} onClick={act}>
						{question.act}
					</Button>
				</>
			}
		>
			{refusal !== null && (
				<p role="alert" className="mx-5 mt-3 rounded-md bg-danger-soft px-3 py-2 text-danger-text text-sm">
					{refusal}
				</p>
			)}
		</Dialog>
	);
}
