import { ChevronDown } from "lucide-react";
import { type ComponentProps, useId } from "react";

type SelectFieldProps = Omit<ComponentProps<"select">, "id"> & { label: string; hint?: string };

export function SelectField({ label, hint, className, children, ...rest }: SelectFieldProps) {
	const id = useId();
	return (
		<div className={className}>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<span className="relative block">
				<select
					id={id}
					aria-describedby={hint ? `${id}-note` : undefined}
					className="h-9.5 w-full appearance-none truncate rounded-md border border-line-strong bg-raised ps-3 pe-9 text-base outline-none focus:border-accent focus:ring-3 focus:ring-accent-soft disabled:opacity-60 pointer-coarse:h-11 pointer-coarse:text-[1rem]"
					{...rest}
				>
					{children}
				</select>
				<ChevronDown
					className="-translate-y-1/2 pointer-events-none absolute end-3 top-1/2 size-4 text-text-faint"
					aria-hidden="true"
				/>
			</span>
			{hint && (
				<p id={`${id}-note`} className="mt-1.5 text-sm text-text-faint">
					{hint}
				</p>
			)}
		</div>
	);
}
