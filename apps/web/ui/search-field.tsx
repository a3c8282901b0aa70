import { Search } from "lucide-react";

interface SearchFieldProps {
	label: string;
	value: string;
	onChange: (value: string) => void;
}

/** Narrows the list under it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
	return (
		<label className="flex h-9.5 items-center gap-2.5 rounded-md border border-line-strong bg-raised px-3 transition-colors focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-soft pointer-coarse:h-11">
			<Search className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
			<span className="sr-only">{label}</span>
			<input
				type="search"
				autoComplete="off"
				spellCheck={false}
				placeholder={`${label}…`}
				value={value}
				onChange={(event) => onChange(event.target.value)}
				className="min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-text-faint pointer-coarse:text-[1rem] [&::-webkit-search-cancel-button]:hidden"
			/>
		</label>
	);
}
