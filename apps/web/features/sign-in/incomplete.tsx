import { ButtonLink } from "../../ui/button.tsx";
import { Entrance } from "./entrance.tsx";

export function Incomplete() {
	return (
		<Entrance title="The link is incomplete" note="Open it again from the message you got, or ask for a fresh one.">
			<ButtonLink href="/sign-in">Go to sign-in</ButtonLink>
		</Entrance>
	);
}
