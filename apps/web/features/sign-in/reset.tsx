"use client";
import { accounts } from "./accounts.ts";
import { Entrance } from "./entrance.tsx";
import { Form, textOf } from "./form.tsx";
import { Incomplete } from "./incomplete.tsx";
import { NewPassword } from "./new-password.tsx";
import { useLinkSecret } from "./use-link-secret.ts";

/** Choosing a new password with the owner's single-use link. */
export function Reset({ passwordCharsMin }: { passwordCharsMin: number }) {
	const token = useLinkSecret();
	if (token === "") return <Incomplete />;
	return (
		<Entrance title="Choose a new password" note="You will be signed out everywhere else.">
			<Form
				label="New password"
				submit="Save password"
				to="/sign-in"
				onSubmit={(fields) => accounts.resetPassword(textOf(fields, "password"), token ?? "")}
			>
				<NewPassword label="New password" charsMin={passwordCharsMin} />
			</Form>
		</Entrance>
	);
}
