"use client";
import { type ReactNode, useState } from "react";
import { Button } from "../../ui/button.tsx";

interface FormProps {
	label: string;
	submit: string;
	/** Why it was refused, in words, or null when it is done. */
	onSubmit: (fields: FormData) => Promise<string | null>;
	/** Where to go when it is done: a path of this server. */
	to: string;
	children: ReactNode;
}

export function Form({ label, submit, onSubmit, to, children }: FormProps) {
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	return (
		<form
			aria-label={label}
			className="space-y-4"
			onSubmit={async (event) => {
				event.preventDefault();
				setBusy(true);
				const refused = await onSubmit(new FormData(event.currentTarget));
				setRefusal(refused);
				// A whole new page: the server knows now who asks for it.
				if (refused === null) location.assign(to);
				else setBusy(false);
			}}
		>
			{children}
			{refusal && (
				<p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger-text text-sm">
					{refusal}
				</p>
			)}
			<Button type="submit" variant="primary" isBusy={isBusy} className="w-full">
				{submit}
			</Button>
		</form>
	);
}

export const textOf = (fields: FormData, name: string): string => {
	const value = fields.get(name);
	return typeof value === "string" ? value : "";
};
