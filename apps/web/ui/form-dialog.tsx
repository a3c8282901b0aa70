"use client";
import { type ReactNode, useId } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { Dialog } from "./dialog.tsx";

interface FormDialogProps {
	title: string;
	description?: ReactNode;
	/** What the button says that does it. */
	act: string;
	/** It cannot be brought back. */
	isDangerous?: boolean;
	/** Everything it takes is there. */
	canAct?: boolean;
	isBusy?: boolean;
	/** Why the last attempt was refused, in words, unless a field says it. */
	refusal?: string | null;
	className?: string;
	onAct: () => void;
	onClose: () => void;
	children: ReactNode;
}

/** Fields, and one button that does something with them. Enter in a field does it as well. */
export function FormDialog(props: FormDialogProps) {
	const { isDangerous = false, canAct = true, isBusy = false, refusal = null } = props;
	const form = useId();
	return (
		<Dialog
			role={isDangerous ? "alertdialog" : "dialog"}
			title={props.title}
			description={props.description}
			onClose={props.onClose}
			footer={
				<>
					<Button onClick={props.onClose}>Cancel</Button>
					<Button
						type="submit"
						form={form}
						variant={isDangerous ? "danger" : "primary"}
						isBusy={isBusy}
						disabled={!canAct}
					>
						{props.act}
					</Button>
				</>
			}
		>
			<form
				id={form}
				className={cx("space-y-5 overflow-y-auto px-5 pt-4 pb-1", props.className)}
				onSubmit={(event) => {
					event.preventDefault();
					if (!isBusy) props.onAct();
				}}
			>
				{props.children}
				{refusal !== null && (
					<p role="alert" className="text-danger-text text-sm">
						{refusal}
					</p>
				)}
			</form>
		</Dialog>
	);
}
