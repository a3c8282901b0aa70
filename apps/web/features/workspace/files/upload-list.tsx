"use client";
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button, IconButton } from "../../../ui/button.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import type { Uploads } from "./uploads.ts";

/** Files on their way here, and those that did not arrive. */
export function UploadList({ uploads }: { uploads: Uploads }) {
	const shown = useSyncExternalStore(uploads.subscribe, uploads.getSnapshot, uploads.getSnapshot);
	if (shown.length === 0) return null;
	return (
		<ul aria-label="Uploads" className="max-h-40 shrink-0 overflow-y-auto border-line border-y bg-sunken px-4 py-1">
			{shown.map(({ id, path, done, problem, canReplace }) => (
				<li key={id} className="flex min-h-8 items-center gap-2 text-xs">
					<span className="min-w-0 flex-1 truncate">{visibleText(path)}</span>
					{problem === null ? (
						<progress
							aria-label={`Upload of ${path}`}
							value={done}
							className="h-1 w-24 shrink-0 overflow-hidden rounded-full accent-accent"
						/>
					) : (
						<span role="alert" className="shrink-0 text-danger-text">
							{problem}
						</span>
					)}
					{canReplace && (
						<Button size="sm" onClick={() => uploads.replace(id)}>
							Replace
						</Button>
					)}
					<IconButton
						label={problem === null ? `Stop the upload of ${path}` : `Dismiss ${path}`}
						tip="none"
						onClick={() => uploads.remove(id)}
					>
						<X />
					</IconButton>
				</li>
			))}
		</ul>
	);
}
