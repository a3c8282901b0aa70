"use client";
import type { Repository } from "@bullpen/domain/changes";
import { LIMITS } from "@bullpen/domain/limits";
import { GitBranch } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileWords } from "../files/file-words.ts";

interface CommitFormProps {
	repository: Repository;
	/** Files that changed since the start. */
	count: number;
	onCommit: (message: string) => Promise<void>;
}

/** Keeps what is there as a commit of one's own. */
export function CommitForm({ repository, count, onCommit }: CommitFormProps) {
	const [message, setMessage] = useState("");
	const [isBusy, setBusy] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const waiting = repository.type === "ready" ? repository.uncommitted : count;
	const canCommit = repository.type !== "unusable" && waiting > 0 && message.trim() !== "" && !isBusy;
	const commit = async () => {
		if (!canCommit) return;
		setBusy(true);
		setRefusal(null);
		try {
			await onCommit(message);
			setMessage("");
		} catch (error) {
			setRefusal(fileWords(error));
		}
		setBusy(false);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void commit();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			void commit();
		}
	};
	if (repository.type === "unusable") {
		return (
			<p className="shrink-0 border-line border-t px-4 py-3 text-text-muted text-xs">
				Nothing can be committed here. {repository.reason}
			</p>
		);
	}
	return (
		<form onSubmit={submit} className="shrink-0 space-y-2 border-line border-t px-4 py-3">
			<textarea
				aria-label="Commit message"
				placeholder="What changed, and why"
				value={message}
				rows={2}
				maxLength={LIMITS.commitMessageCharsMax}
				onChange={(event) => setMessage(event.target.value)}
				onKeyDown={onKeyDown}
				className="field-sizing-content block max-h-40 min-h-14 w-full resize-none rounded-md border border-line-strong bg-raised px-3 py-2 text-sm outline-none placeholder:text-text-faint focus:border-accent focus:ring-3 focus:ring-accent-soft pointer-coarse:text-[1rem]"
			/>
			{refusal !== null && (
				<p role="alert" className="text-danger-text text-xs">
					{refusal}
				</p>
			)}
			<div className="flex items-center gap-2">
				<span className="flex min-w-0 flex-1 items-center gap-1.5 text-text-faint text-xs">
					<GitBranch className="size-3.5 shrink-0" aria-hidden="true" />
					<span className="truncate">{branchWords(repository, waiting)}</span>
				</span>
				<Button type="submit" size="sm" variant="primary" isBusy={isBusy} disabled={!canCommit}>
					Commit
				</Button>
			</div>
		</form>
	);
}

function branchWords(repository: Exclude<Repository, { type: "unusable" }>, waiting: number): string {
	const files =
		waiting === 0 ? "all committed" : `${waiting.toLocaleString()} ${waiting === 1 ? "file" : "files"} to commit`;
	if (repository.type === "none") return `${files}, into a new repository`;
	return `${visibleText(repository.branch ?? "no branch")} · ${files}`;
}
