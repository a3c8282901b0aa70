"use client";
import { ChevronDown, Code, Link as LinkIcon, Paperclip, X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../ui/cx.ts";
import { type FilterName, filtersIn, type Names, toggledFilter, withFilter } from "./search-words.ts";

interface FiltersProps {
	text: string;
	names: Names;
	onChange: (text: string) => void;
}

/** Longer lists are typed. */
const OPTIONS_MAX = 300;

const TRAITS = [
	{ value: "link", label: "Has link", icon: <LinkIcon /> },
	{ value: "file", label: "Has file", icon: <Paperclip /> },
	{ value: "code", label: "Has code", icon: <Code /> },
] as const;

const CHIP =
	"inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border text-sm transition-colors pointer-coarse:h-9 [&_svg]:size-3.5 [&_svg]:shrink-0";
const look = (isOn: boolean) =>
	isOn
		? "border-transparent bg-accent-soft text-accent-text"
		: "border-line-strong text-text-muted hover:bg-hover hover:text-text";

/** What the words of the field say of people, rooms, kinds and days, to be seen and chosen. */
export function Filters({ text, names, onChange }: FiltersProps) {
	const chosen = (name: FilterName) => filtersIn(text, name)[0] ?? "";
	const set = (name: FilterName) => (value: string) => onChange(withFilter(text, name, value === "" ? null : value));
	const traits = filtersIn(text, "has").map((one) => one.toLowerCase());
	const people = names.people.filter(({ id }) => id !== names.me);
	return (
		<fieldset
			aria-label="Filters"
			className="-mx-4 flex min-w-0 gap-1.5 overflow-x-auto px-4 py-0.5 [scrollbar-width:none] md:mx-0 md:flex-wrap md:px-0"
		>
			<Choose
				label="From"
				value={chosen("from")}
				options={[{ key: "me", value: "me", label: "me" }, ...people.map(optionOf)]}
				onChange={set("from")}
			/>
			<Choose label="In" value={chosen("in")} options={names.rooms.map(optionOf)} onChange={set("in")} />
			{TRAITS.map(({ value, label, icon }) => (
				<button
					key={value}
					type="button"
					aria-pressed={traits.includes(value)}
					onClick={() => onChange(toggledFilter(text, "has", value))}
					className={cx(CHIP, "px-3", look(traits.includes(value)))}
				>
					{icon}
					{label}
				</button>
			))}
			<Day label="After" value={chosen("after")} onChange={set("after")} />
			<Day label="Before" value={chosen("before")} onChange={set("before")} />
		</fieldset>
	);
}

/** A name that cannot stand between quotes is said by its id. */
const optionOf = ({ id, name }: { id: string; name: string }) => ({
	key: id,
	value: /["*]/.test(name) ? id : name,
	label: name,
});

interface ChooseProps {
	label: string;
	value: string;
	options: ReadonlyArray<{ key: string; value: string; label: string }>;
	onChange: (value: string) => void;
}

function Choose({ label, value, options, onChange }: ChooseProps) {
	const known = options.find((one) => one.value.toLowerCase() === value.replace(/^[@#]/, "").toLowerCase());
	const shown = options.slice(0, OPTIONS_MAX);
	const current = known?.value ?? value;
	return (
		<Clearable label={label} isOn={value !== ""} onClear={() => onChange("")}>
			<span aria-hidden="true" className="max-w-40 truncate">
				{value === "" ? label : `${label}: ${known?.label ?? value}`}
			</span>
			{value === "" && <ChevronDown aria-hidden="true" />}
			<select
				aria-label={label}
				value={current}
				onChange={(event) => onChange(event.target.value)}
				className="absolute inset-0 cursor-pointer rounded-full bg-raised text-text opacity-0"
			>
				<option value="">{label === "From" ? "Anybody" : "Any room"}</option>
				{current !== "" && !shown.some((one) => one.value === current) && <option value={current}>{value}</option>}
				{shown.map((one) => (
					<option key={one.key} value={one.value}>
						{one.label}
					</option>
				))}
			</select>
		</Clearable>
	);
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
	return (
		<Clearable label={label} isOn={value !== ""} onClear={() => onChange("")}>
			<label className="flex items-center gap-1.5">
				{label}
				<input
					type="date"
					value={/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : ""}
					min="1970-01-01"
					max="9999-12-31"
					onChange={(event) => onChange(event.target.value)}
					className={cx(
						"h-6 bg-transparent text-sm outline-none [&::-webkit-calendar-picker-indicator]:m-0 [&::-webkit-calendar-picker-indicator]:opacity-60",
						value === "" && "[&::-webkit-datetime-edit]:hidden",
					)}
				/>
			</label>
		</Clearable>
	);
}

interface ClearableProps {
	label: string;
	isOn: boolean;
	onClear: () => void;
	children: ReactNode;
}

function Clearable({ label, isOn, onClear, children }: ClearableProps) {
	return (
		<span className={cx(CHIP, look(isOn), isOn && "pe-1")}>
			<span className="relative flex h-full items-center gap-1.5 rounded-full ps-3 pe-2 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1">
				{children}
			</span>
			{isOn && (
				<button
					type="button"
					aria-label={`Clear “${label}”`}
					onClick={onClear}
					className="flex size-5 items-center justify-center rounded-full hover:bg-hover pointer-coarse:size-7"
				>
					<X aria-hidden="true" />
				</button>
			)}
		</span>
	);
}
