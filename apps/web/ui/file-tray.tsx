import { FileText, RotateCw, X } from "lucide-react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { sizeOf } from "./size.ts";
import { Spinner } from "./spinner.tsx";
import { visibleText } from "./visible-text.ts";

/** A file on its way into what is being written. */
export interface TrayFile {
	readonly key: string;
	readonly file: File;
	/** The address of a picture, while this page is open. */
	readonly preview: string | null;
	readonly state: /** `done`: 0 to 1, where that is known. */
		| { readonly type: "sending"; readonly done: number | null }
		| { readonly type: "kept" }
		/** `isFinal`: trying again would end as it did. */
		| { readonly type: "failed"; readonly reason: string; readonly isFinal: boolean };
}

interface FileTrayProps {
	/** What they are files of. */
	label: string;
	files: readonly TrayFile[];
	onRemove: (key: string) => void;
	onRetry: (key: string) => void;
}

/** The files of what is being written. */
export function FileTray({ label, files, onRemove, onRetry }: FileTrayProps) {
	if (files.length === 0) return null;
	return (
		<ul aria-label={label} className="grid max-h-40 grid-cols-2 gap-2 overflow-y-auto py-0.5 sm:flex sm:flex-wrap">
			{files.map((file) => (
				<Tile key={file.key} tile={file} onRemove={onRemove} onRetry={onRetry} />
			))}
		</ul>
	);
}

function Tile({ tile, onRemove, onRetry }: { tile: TrayFile } & Pick<FileTrayProps, "onRemove" | "onRetry">) {
	const { key, file, preview, state } = tile;
	const name = visibleText(file.name);
	const isFailed = state.type === "failed";
	return (
		<li
			className={cx(
				"relative flex max-w-full items-center gap-2 overflow-hidden rounded-md bg-sunken py-1 ps-1 pe-0.5 ring-1 ring-inset",
				isFailed ? "col-span-2 ring-danger" : "ring-line",
			)}
		>
			<span className="relative flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-raised text-text-faint">
				{preview === null ? (
					<FileText className="size-4" aria-hidden="true" />
				) : (
					// biome-ignore lint/performance/noImgElement: a picture of this page's own has nothing to be optimised.
					<img
						src={preview}
						alt=""
						className={cx("size-full object-cover", state.type === "sending" && "opacity-40")}
					/>
				)}
				{state.type === "sending" && state.done === null && <Spinner className="absolute size-4" />}
			</span>
			<span className="min-w-0 flex-1 sm:max-w-44">
				<span className="block truncate text-xs" title={name}>
					{name}
				</span>
				<span
					role={isFailed ? "alert" : undefined}
					className={cx("block text-2xs tabular-nums", isFailed ? "text-danger-text" : "text-text-faint")}
				>
					{stateWords(tile)}
				</span>
			</span>
			<span className="flex">
				{isFailed && !state.isFinal && (
					<IconButton label={`Try ${name} again`} tip="none" onClick={() => onRetry(key)}>
						<RotateCw />
					</IconButton>
				)}
				<IconButton
					label={state.type === "sending" ? `Cancel ${name}` : `Remove ${name}`}
					tip="none"
					onClick={() => onRemove(key)}
				>
					<X />
				</IconButton>
			</span>
			{state.type === "sending" && state.done !== null && (
				<span
					role="progressbar"
					aria-label={`Upload of ${name}`}
					aria-valuenow={Math.round(state.done * 100)}
					className="absolute inset-x-0 bottom-0 h-0.5 bg-selected"
				>
					<span
						className="block h-full origin-left bg-accent transition-transform duration-200 rtl:origin-right"
						style={{ transform: `scaleX(${state.done})` }}
					/>
				</span>
			)}
		</li>
	);
}

function stateWords({ file, state }: TrayFile): string {
	if (state.type === "failed") return state.reason;
	if (state.type === "kept") return sizeOf(file.size);
	if (state.done === null) return "Sending…";
	return state.done < 1 ? `${Math.floor(state.done * 100)} % of ${sizeOf(file.size)}` : "Almost there…";
}
