import { FileText, RotateCw, X } from "lucide-react";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { sizeOf } from "./attached-files.tsx";
import type { Draft } from "./use-attachments.ts";

interface AttachmentTrayProps {
	drafts: readonly Draft[];
	onRemove: (key: string) => void;
	onRetry: (draft: Draft) => void;
}

/** The files of the prompt that is being written. */
export function AttachmentTray({ drafts, onRemove, onRetry }: AttachmentTrayProps) {
	if (drafts.length === 0) return null;
	return (
		<ul aria-label="Files of this prompt" className="flex max-h-40 flex-wrap gap-2 overflow-y-auto py-0.5">
			{drafts.map((draft) => (
				<Tile key={draft.key} draft={draft} onRemove={onRemove} onRetry={onRetry} />
			))}
		</ul>
	);
}

function Tile({ draft, onRemove, onRetry }: { draft: Draft } & Pick<AttachmentTrayProps, "onRemove" | "onRetry">) {
	const { file, preview, state } = draft;
	const problem = typeof state === "object" && "problem" in state ? state : null;
	const name = visibleText(file.name);
	return (
		<li
			className={cx(
				"flex max-w-full items-center gap-2 rounded-md bg-sunken py-1 ps-1 pe-0.5 ring-1 ring-inset",
				problem ? "ring-danger" : "ring-line",
			)}
		>
			<span className="relative flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-raised text-text-faint">
				{preview === null ? (
					<FileText className="size-4" aria-hidden="true" />
				) : (
					// biome-ignore lint/performance/noImgElement: a picture of this page's own has nothing to be optimised.
					<img src={preview} alt="" className={cx("size-full object-cover", state === "sending" && "opacity-40")} />
				)}
				{state === "sending" && <Spinner className="absolute size-4" />}
			</span>
			<span className="min-w-0 max-w-44">
				<span className="block truncate text-xs">{name}</span>
				<span
					role={problem ? "alert" : undefined}
					className={cx("block text-2xs", problem ? "text-danger-text" : "text-text-faint")}
				>
					{problem ? problem.problem : state === "sending" ? "Sending…" : sizeOf(file.size)}
				</span>
			</span>
			<span className="flex">
				{problem && !problem.isFinal && (
					<IconButton label={`Try ${name} again`} tip="none" onClick={() => onRetry(draft)}>
						<RotateCw />
					</IconButton>
				)}
				<IconButton label={`Remove ${name}`} tip="none" onClick={() => onRemove(draft.key)}>
					<X />
				</IconButton>
			</span>
		</li>
	);
}
