"use client";
import { Field } from "../../ui/field.tsx";
import { accounts } from "./accounts.ts";
import { Entrance } from "./entrance.tsx";
import { Form, textOf } from "./form.tsx";
import { Incomplete } from "./incomplete.tsx";
import { useLinkSecret } from "./use-link-secret.ts";

/** Making an account with an invitation, or the first one with the owner's link. */
export function Join({ passwordCharsMin }: { passwordCharsMin: number }) {
	const link = useLinkSecret();
	if (link === "") return <Incomplete />;
	return (
		<Entrance title="Join this server" note="You were invited. Make an account, and you are in.">
			<Form
				label="Join"
				submit="Create account"
				to="/"
				onSubmit={(fields) =>
					accounts.signUp(textOf(fields, "name"), textOf(fields, "email"), textOf(fields, "password"), link ?? "")
				}
			>
				<Field
					label="Your name"
					name="name"
					required
					maxLength={40}
					autoComplete="nickname"
					spellCheck={false}
					hint="What others see."
				/>
				<Field label="E-mail" name="email" type="email" required autoComplete="username" />
				<Field
					label="Password"
					name="password"
					type="password"
					required
					minLength={passwordCharsMin}
					autoComplete="new-password"
					hint={`At least ${passwordCharsMin} characters.`}
				/>
			</Form>
		</Entrance>
	);
}
