"use client";
import { Field } from "../../ui/field.tsx";
import { accounts } from "./accounts.ts";
import { Entrance } from "./entrance.tsx";
import { Form, textOf } from "./form.tsx";

/** `to` is a path of this server. */
export function SignIn({ hasNameSignIn, to }: { hasNameSignIn: boolean; to: string }) {
	return hasNameSignIn ? <ByName to={to} /> : <ByPassword to={to} />;
}

function ByName({ to }: { to: string }) {
	return (
		<Entrance title="Step into the bullpen" note="Pick the name others will see. On this machine that is all it takes.">
			<Form
				label="Sign in"
				submit="Continue"
				to={to}
				onSubmit={(fields) => accounts.signInWithName(textOf(fields, "name"))}
			>
				<Field label="Your name" name="name" required maxLength={40} autoComplete="nickname" spellCheck={false} />
			</Form>
		</Entrance>
	);
}

function ByPassword({ to }: { to: string }) {
	return (
		<Entrance title="Sign in" note="Your team and its agents are inside.">
			<Form
				label="Sign in"
				submit="Sign in"
				to={to}
				onSubmit={(fields) => accounts.signIn(textOf(fields, "email"), textOf(fields, "password"))}
			>
				<Field label="E-mail" name="email" type="email" required autoComplete="username" />
				<Field label="Password" name="password" type="password" required autoComplete="current-password" />
			</Form>
			<p className="mt-6 text-sm text-text-faint">
				No account yet, or the password is gone? The owner of this server can send you a link.
			</p>
		</Entrance>
	);
}
