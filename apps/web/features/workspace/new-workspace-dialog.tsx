"use client";
import { Globe, Lock, Sparkles } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";

const FORM = "new-workspace";

interface NewWorkspaceDialogProps {
	isBusy: boolean;
	error: string | null;
	onCreate: (workspace: { name: string; agent: string; visibility: "server" | "private" }) => void;
	onClose: () => void;
}

export default function NewWorkspaceDialog({ isBusy, error, onCreate, onClose }: NewWorkspaceDialogProps) {
	const [name, setName] = useState("");
	const [visibility, setVisibility] = useState<"server" | "private">("server");
	return (
		<Dialog
			title="New workspace"
			description="A place where an agent works and everyone can watch, steer and answer."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button type="submit" form={FORM} variant="primary" isBusy={isBusy} disabled={name.trim() === ""}>
						Create workspace
					</Button>
				</>
			}
		>
			<form
				id={FORM}
				className="space-y-5 overflow-y-auto px-5 pt-4"
				onSubmit={(event) => {
					event.preventDefault();
					onCreate({ name: name.trim(), agent: "demo", visibility });
				}}
			>
				<Field
					label="Name"
					value={name}
					maxLength={64}
					autoComplete="off"
					placeholder="What is it for?"
					error={error ?? undefined}
					onChange={(event) => setName(event.target.value)}
				/>
				<fieldset>
					<legend className="mb-1.5 font-medium text-sm">Agent</legend>
					<Option name="agent" value="demo" isChecked icon={<Sparkles />} title="Demo agent" onChange={() => undefined}>
						No model and no key: lists, reads, writes, edits and runs what you ask for.
					</Option>
				</fieldset>
				<fieldset className="grid gap-2">
					<legend className="mb-1.5 font-medium text-sm">Who can enter</legend>
					<Option
						name="visibility"
						value="server"
						isChecked={visibility === "server"}
						icon={<Globe />}
						title="Everyone here"
						onChange={() => setVisibility("server")}
					>
						Listed for all members of this server.
					</Option>
					<Option
						name="visibility"
						value="private"
						isChecked={visibility === "private"}
						icon={<Lock />}
						title="By invitation"
						onChange={() => setVisibility("private")}
					>
						Only you, and the people you invite.
					</Option>
				</fieldset>
			</form>
		</Dialog>
	);
}

interface OptionProps {
	name: string;
	value: string;
	isChecked: boolean;
	icon: ReactNode;
	title: string;
	children: ReactNode;
	onChange: () => void;
}

function Option({ name, value, isChecked, icon, title, children, onChange }: OptionProps) {
	return (
		<label
			className={cx(
				"flex cursor-pointer items-start gap-3 rounded-md px-3 py-2.5 ring-1 ring-inset transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0",
				isChecked
					? "bg-accent-soft ring-accent [&_svg]:text-accent-text"
					: "ring-line-strong hover:bg-hover [&_svg]:text-text-faint",
			)}
		>
			<input type="radio" name={name} value={value} checked={isChecked} onChange={onChange} className="sr-only" />
			{icon}
			<span>
				<span className="block font-medium text-sm">{title}</span>
				<span className="block text-text-muted text-xs">{children}</span>
			</span>
		</label>
	);
}
