"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { FileArchive, GitBranch, SquareDashed } from "lucide-react";
import type { ChangeEvent } from "react";
import { Field } from "../../../ui/field.tsx";
import { FileField } from "../../../ui/file-field.tsx";
import { Option } from "../../../ui/option.tsx";
import type { ChosenOrigin } from "./use-new-workspace.ts";

/** What was typed and chosen of every kind, so that looking at another one loses nothing. */
interface OriginDraft {
	kind: ChosenOrigin["kind"];
	file: File | null;
	url: string;
	branch: string;
	token: string;
}

export const EMPTY_DRAFT: OriginDraft = { kind: "empty", file: null, url: "", branch: "", token: "" };

/** What was chosen, or null while something of it is missing. */
export function chosenOrigin({ kind, file, url, branch, token }: OriginDraft): ChosenOrigin | null {
	if (kind === "empty") return { kind };
	if (kind === "git") return url.trim() === "" ? null : { kind, url, branch, token };
	return file === null || file.size > LIMITS.originArchiveBytesMax ? null : { kind, file };
}

interface StartFromFieldsProps {
	draft: OriginDraft;
	/** Nothing is what a workspace has already. */
	hasEmpty?: boolean;
	onChange: (draft: OriginDraft) => void;
}

export function StartFromFields({ draft, hasEmpty = true, onChange }: StartFromFieldsProps) {
	const { kind, file } = draft;
	const option = (value: OriginDraft["kind"]) => ({
		name: "origin",
		value,
		isChecked: kind === value,
		onChange: () => onChange({ ...draft, kind: value }),
	});
	const text = (of: "url" | "branch" | "token") => ({
		value: draft[of],
		autoComplete: "off",
		onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ ...draft, [of]: event.target.value }),
	});
	const isTooLarge = file !== null && file.size > LIMITS.originArchiveBytesMax;
	return (
		<fieldset className="grid gap-2">
			<legend className="mb-1.5 font-medium text-sm">Start from</legend>
			{hasEmpty && (
				<Option {...option("empty")} icon={<SquareDashed />} title="Nothing">
					An empty folder.
				</Option>
			)}
			<Option {...option("archive")} icon={<FileArchive />} title="An archive">
				A .zip or .tar.gz from this device, up to {LIMITS.originArchiveBytesMax / 1024 / 1024} MB.
			</Option>
			{kind === "archive" && (
				<FileField
					label="Archive"
					isLabelHidden
					accept=".zip,.tgz,.gz,application/zip,application/gzip"
					error={isTooLarge ? "This archive is too large." : undefined}
					onFile={(chosen) => onChange({ ...draft, file: chosen })}
				/>
			)}
			<Option {...option("git")} icon={<GitBranch />} title="A Git repository">
				Cloned by its https address, without submodules and large files.
			</Option>
			{kind === "git" && (
				<div className="grid gap-3 pt-1 pb-2">
					<Field label="Address" type="url" placeholder="https://github.com/owner/repository" {...text("url")} />
					<div className="grid gap-3 sm:grid-cols-2">
						<Field label="Branch" placeholder="The main one" {...text("branch")} />
						<Field label="Access token" type="password" placeholder="If it is private" {...text("token")} />
					</div>
					<p className="text-text-faint text-xs">
						The token is used for this once. It is not kept, and the agent never has it.
					</p>
				</div>
			)}
		</fieldset>
	);
}
