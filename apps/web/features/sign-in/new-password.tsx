import { Field } from "../../ui/field.tsx";

export function NewPassword({ label, charsMin }: { label: string; charsMin: number }) {
	return (
		<Field
			label={label}
			name="password"
			type="password"
			required
			minLength={charsMin}
			autoComplete="new-password"
			hint={`At least ${charsMin} characters.`}
		/>
	);
}
