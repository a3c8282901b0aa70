import { type ComponentProps, useId } from "react";

type SelectFieldProps = Omit<ComponentProps<"select">, "id"> & { label: string; hint?: string };

export function SelectField({ label, hint, className, children, ...rest }: SelectFieldProps) {
	const id = useId();
	return (
		<div className={className}>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<select
				id={id}
				aria-describedby={hint ? `${id}-note` : undefined}
				className="h-9.5 w-full rounded-md border border-line-strong bg-raised px-2.5 text-base outline-none focus:border-accent focus:ring-3 focus:ring-accent-soft disabled:opacity-60 pointer-coarse:h-11 pointer-coarse:text-[1rem]"
				{...rest}
			>
				{children}
			</select>
			{hint && (
				<p id={`${id}-note`} className="mt-1.5 text-sm text-text-faint">
					{hint}
				</p>
			)}
		</div>
	);
}
