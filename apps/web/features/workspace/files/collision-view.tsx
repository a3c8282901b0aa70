"use client";
import type { OpenedFile } from "@bullpen/client/workspace-tree";
import { GitMerge } from "lucide-react";
import { Banner } from "../../../ui/banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Diff } from "../../../ui/diff.tsx";

interface CollisionViewProps {
	path: string;
	ours: string;
	/** Null where the file is gone. */
	theirs: OpenedFile | null;
	isSaving: boolean;
	onKeepOurs: () => void;
	onTakeTheirs: () => void;
}

/** Two people, or a person and the agent, changed one file: both are shown, and nothing is lost unless somebody says so. */
export function CollisionView({ path, ours, theirs, isSaving, onKeepOurs, onTakeTheirs }: CollisionViewProps) {
	return (
		<section aria-label="Collision" className="flex min-h-0 flex-1 flex-col">
			<Banner tone="attention" role="alert" icon={<GitMerge />}>
				<strong className="font-semibold">
					{theirs === null
						? "This file was removed while you edited it."
						: "This file was changed while you edited it."}
				</strong>{" "}
				Your text was not saved and is still here.
			</Banner>
			<div className="min-h-0 flex-1 space-y-3 overflow-y-auto p-4">
				<div className="flex flex-wrap gap-2">
					<Button size="sm" variant="primary" isBusy={isSaving} onClick={onKeepOurs}>
						{theirs === null ? "Save mine again" : "Keep mine"}
					</Button>
					<Button size="sm" disabled={isSaving} onClick={onTakeTheirs}>
						{theirs === null ? "Let it go" : "Take theirs"}
					</Button>
				</div>
				{theirs !== null && theirs.text === null ? (
					<p className="text-sm text-text-muted">What is there now is no text.</p>
				) : (
					<>
						<p className="text-text-muted text-xs">
							{theirs === null ? "Your text:" : "From what is there now to your text:"}
						</p>
						<Diff path={path} oldText={theirs?.text ?? null} newText={ours} />
					</>
				)}
			</div>
		</section>
	);
}
