"use client";
import { RoomId } from "@bullpen/domain/id";
import { Field } from "../../ui/field.tsx";
import { accounts } from "./accounts.ts";
import { Entrance } from "./entrance.tsx";
import { Form, textOf } from "./form.tsx";
import { Incomplete } from "./incomplete.tsx";
import { NewPassword } from "./new-password.tsx";
import { useLinkSecret } from "./use-link-secret.ts";

/**
 * Making an account with an invitation, or the first one with the owner's link. An invitation may go on into a room, by a
 * link of its own: `#<secret>.<room>.<the room's secret>`.
 */
export function Join({ passwordCharsMin }: { passwordCharsMin: number }) {
	const link = useLinkSecret();
	if (link === "") return <Incomplete />;
	const [secret = "", roomId, roomSecret] = (link ?? "").split(".");
	const to = roomId && roomSecret && RoomId.safeParse(roomId).success ? `/i/${roomId}#${roomSecret}` : "/";
	return (
		<Entrance title="Join this server" note="You were invited. Make an account, and you are in.">
			<Form
				label="Join"
				submit="Create account"
				to={to}
				onSubmit={(fields) =>
					accounts.signUp(textOf(fields, "name"), textOf(fields, "email"), textOf(fields, "password"), secret)
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
				<NewPassword label="Password" charsMin={passwordCharsMin} />
			</Form>
		</Entrance>
	);
}
