"use client";
import { Check, X } from "lucide-react";
import { useId } from "react";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { useCombobox } from "../ui/use-combobox.ts";

interface Pickable {
	id: string;
	name: string;
}

interface PeoplePickerProps {
	label: string;
	/** Everybody there is to choose from. */
	people: readonly Pickable[];
	chosen: readonly string[];
	/** How many may be chosen. */
	max: number;
	error?: string | undefined;
	isFocused?: boolean;
	onChange: (chosen: string[]) => void;
}

const SHOWN_MAX = 8;

/** Several people, by the beginning of their names. The field keeps the focus; Backspace takes the last one back. */
export function PeoplePicker({ label, people, chosen, max, error, isFocused = false, onChange }: PeoplePickerProps) {
	const id = useId();
	const { found, setQuery, field, list, option, isActive } = useCombobox(
		(query) => peopleFor(query, people).slice(0, SHOWN_MAX),
		({ key }, active, query) => {
			if (key === "Enter" && query.trim() !== "") {
				if (active) toggle(active);
				return true;
			}
			if (key !== "Backspace" || query !== "" || chosen.length === 0) return false;
			onChange(chosen.slice(0, -1));
			return true;
		},
	);
	const isFull = chosen.length >= max;
	const toggle = (person: Pickable) => {
		const isChosen = chosen.includes(person.id);
		if (!isChosen && isFull) return;
		onChange(isChosen ? chosen.filter((one) => one !== person.id) : [...chosen, person.id]);
		setQuery("");
	};
	const nameOf = (userId: string) => people.find((person) => person.id === userId)?.name ?? "Someone";

	return (
		<div>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<div className="flex min-h-9.5 flex-wrap items-center gap-1.5 rounded-md border border-line-strong bg-raised px-2 py-1 focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-soft">
				{chosen.map((userId) => (
					<span key={userId} className="flex h-6.5 items-center gap-1.5 rounded-sm bg-selected ps-1 pe-0.5 text-sm">
						<Avatar id={userId} name={nameOf(userId)} size="xs" />
						{nameOf(userId)}
						<button
							type="button"
							aria-label={`Take ${nameOf(userId)} off`}
							onClick={() => onChange(chosen.filter((one) => one !== userId))}
							className="flex size-5.5 items-center justify-center rounded-xs text-text-faint hover:bg-hover hover:text-text [&_svg]:size-3.5"
						>
							<X aria-hidden="true" />
						</button>
					</span>
				))}
				<input
					{...field}
					id={id}
					role="combobox"
					aria-expanded="true"
					aria-describedby={error ? `${id}-error` : undefined}
					// biome-ignore lint/a11y/noAutofocus: the dialog was opened to write a name here.
					autoFocus={isFocused}
					placeholder={chosen.length === 0 ? "Find a name…" : ""}
					className="h-7 min-w-24 flex-1 bg-transparent px-1 text-base outline-none placeholder:text-text-faint pointer-coarse:text-[1rem]"
				/>
			</div>
			{error && (
				<p id={`${id}-error`} role="alert" className="mt-1.5 text-danger-text text-sm">
					{error}
				</p>
			)}
			<div {...list} role="listbox" aria-label="People" aria-multiselectable="true" className="-mx-2 mt-2">
				{found.map((person, index) => {
					const isChosen = chosen.includes(person.id);
					return (
						// biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the active option.
						// biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys.
						<div
							key={person.id}
							{...option(index)}
							role="option"
							aria-selected={isChosen}
							aria-disabled={isFull && !isChosen}
							onClick={() => toggle(person)}
							className={cx(
								"flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 text-sm pointer-coarse:h-11",
								isActive(index) && "bg-hover",
								isFull && !isChosen && "opacity-50",
							)}
						>
							<Avatar id={person.id} name={person.name} size="sm" />
							<span className="min-w-0 flex-1 truncate">{person.name}</span>
							{isChosen && <Check className="size-4 text-accent-text" aria-hidden="true" />}
						</div>
					);
				})}
			</div>
			{found.length === 0 && (
				<p className="mt-1 text-sm text-text-faint">
					{people.length === 0 ? "There is nobody else on this server yet." : "Nobody here has such a name."}
				</p>
			)}
		</div>
	);
}

/** Those whose name, or a word of it, begins so; then those that have it anywhere. */
export function peopleFor<One extends Pickable>(query: string, people: readonly One[]): One[] {
	const wanted = fold(query.trim());
	if (wanted === "") return [...people];
	const rank = ({ name }: One) => {
		const folded = fold(name);
		if (folded.startsWith(wanted)) return 0;
		if (folded.split(/[\s._-]+/).some((word) => word.startsWith(wanted))) return 1;
		return folded.includes(wanted) ? 2 : 3;
	};
	return people
		.map((person) => ({ person, rank: rank(person) }))
		.filter((one) => one.rank < 3)
		.sort((one, other) => one.rank - other.rank)
		.map(({ person }) => person);
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase();
