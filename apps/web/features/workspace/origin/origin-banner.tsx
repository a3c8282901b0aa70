"use client";
import { FolderInput, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { complain } from "../../../live/refusals.ts";
import { Banner } from "../../../ui/banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import type { OpenWorkspace } from "../workspace-data.ts";
import { useWorkspaceStore } from "../workspace-stores.ts";
import { originProblem, percentOf } from "./origin-words.ts";

const BringInDialog = fetched(() => import("./bring-in-dialog.tsx"));

/** That the files of a workspace are still to come, or did not. */
export function OriginBanner({ workspace: { session, isOwner, entries } }: { workspace: OpenWorkspace }) {
	const { origin, workspaceId } = session;
	const { people } = useWorkspaceStore(workspaceId);
	const [isOpen, setOpen] = useState(false);
	if (origin?.state === "running") {
		return (
			<Banner
				tone="info"
				icon={<FolderInput />}
				action={
					isOwner && (
						<Button size="sm" onClick={() => void people.cancelStart().catch(complain)}>
							Cancel
						</Button>
					)
				}
			>
				<strong className="font-semibold [overflow-wrap:anywhere]">{origin.name}</strong> is coming in
				{percentOf(origin.done)}. Prompts wait for it.
			</Banner>
		);
	}
	if (origin?.state !== "failed" || entries.length > 0) return null;
	return (
		<>
			<Banner
				tone="danger"
				role="alert"
				icon={<TriangleAlert />}
				action={
					isOwner && (
						<Button size="sm" onClick={() => setOpen(true)}>
							Try again
						</Button>
					)
				}
			>
				<strong className="font-semibold">The files did not come in.</strong> {originProblem(origin)}{" "}
				{origin.detail && <span className="[overflow-wrap:anywhere]">({origin.detail})</span>}
			</Banner>
			{isOpen && <BringInDialog workspaceId={workspaceId} onClose={() => setOpen(false)} />}
		</>
	);
}
