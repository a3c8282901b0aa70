import { type ComponentProps, useId } from "react";
import { cx } from "./cx.ts";

type FieldProps = Omit<ComponentProps<"input">, "id"> & { label: string; hint?: string; error?: string | undefined };

export function Field({ label, hint, error, className, ...rest }: FieldProps) {
	const id = useId();
	const note = error ?? hint;
	return (
		<div className={className}>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<input
				id={id}
				aria-invalid={error !== undefined || undefined}
				aria-describedby={note ? `${id}-note` : undefined}
				className={cx(
					"h-9.5 w-full rounded-md border bg-raised px-3 text-base outline-none transition-colors placeholder:text-text-faint focus:border-accent focus:ring-3 focus:ring-accent-soft pointer-coarse:h-11 pointer-coarse:text-[1rem]",
					error === undefined ? "border-line-strong" : "border-danger",
				)}
				{...rest}
			/>
			{note && (
				<p
					id={`${id}-note`}
					role={error === undefined ? undefined : "alert"}
					className={cx("mt-1.5 text-sm", error === undefined ? "text-text-faint" : "text-danger-text")}
				>
					{note}
				</p>
			)}
		</div>
	);
}
