import type { ReactNode } from "react";
import { Option } from "./option.tsx";

interface OptionGroupProps<Value extends string> {
	label: string;
	/** What stands above it says it already. */
	isLabelHidden?: boolean;
	name: string;
	value: Value;
	options: readonly { value: Value; icon: ReactNode; title: string; meaning: ReactNode }[];
	onChange: (value: Value) => void;
}

/** One of a few, each a card with its meaning. */
export function OptionGroup<Value extends string>(props: OptionGroupProps<Value>) {
	const { label, isLabelHidden = false, name, value, options, onChange } = props;
	return (
		<fieldset className="grid gap-2">
			<legend className={isLabelHidden ? "sr-only" : "mb-1.5 font-medium text-sm"}>{label}</legend>
			{options.map((one) => (
				<Option
					key={one.value}
					name={name}
					value={one.value}
					isChecked={one.value === value}
					icon={one.icon}
					title={one.title}
					onChange={() => onChange(one.value)}
				>
					{one.meaning}
				</Option>
			))}
		</fieldset>
	);
}
