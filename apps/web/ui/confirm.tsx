"use client";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { useAttempt } from "./use-attempt.ts";

export interface Question {
	title: string;
	description: ReactNode;
	/** What it is about, to look at once more. */
	about?: ReactNode;
	/** What its button says. */
	act: string;
	/** What the button says that does nothing. */
	cancel?: string;
	/** Others feel it, and nothing is taken away from anybody. */
	isHarmless?: boolean;
	/** Why not, in words, or null when it is done. */
	onAct: () => Promise<string | null>;
}

/** Asked before something that others feel. Closes by itself when it is done, and says why when it is not. */
export default function Confirm({ question, onClose }: { question: Question; onClose: () => void }) {
	const { isBusy, refusal, run } = useAttempt(onClose);
	const { isHarmless = false } = question;
	return (
		<Dialog
			role="alertdialog"
			title={question.title}
			description={question.description}
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>{question.cancel ?? "Cancel"}</Button>
					<Button variant={isHarmless ? "primary" : "danger"} isBusy={isBusy} onClick={() => run(question.onAct)}>
						{question.act}
					</Button>
				</>
			}
		>
			{question.about && <div className="mx-5 mt-3 rounded-md bg-sunken px-3 py-2 text-sm">{question.about}</div>}
			{refusal !== null && (
				<p role="alert" className="mx-5 mt-3 rounded-md bg-danger-soft px-3 py-2 text-danger-text text-sm">
					{refusal}
				</p>
			)}
		</Dialog>
	);
}
