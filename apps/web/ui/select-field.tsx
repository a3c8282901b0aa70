import { type ComponentProps, useId } from "react";
import { Select } from "./select.tsx";

type SelectFieldProps = Omit<ComponentProps<"select">, "id" | "size"> & { label: string; hint?: string };

export function SelectField({ label, hint, className, children, ...rest }: SelectFieldProps) {
	const id = useId();
	return (
		<div className={className}>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<Select id={id} aria-describedby={hint ? `${id}-note` : undefined} {...rest}>
				{children}
			</Select>
			{hint && (
				<p id={`${id}-note`} className="mt-1.5 text-sm text-text-faint">
					{hint}
				</p>
			)}
		</div>
	);
}
