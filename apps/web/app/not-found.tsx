import { MapPinOff } from "lucide-react";
import { Blank } from "../ui/blank.tsx";
import { ButtonLink } from "../ui/button.tsx";

export default function NotFound() {
	return (
		<main className="flex min-h-dvh flex-col">
			<Blank
				icon={<MapPinOff />}
				title="There is nothing at this address"
				actions={
					<ButtonLink variant="primary" href="/">
						Go to #general
					</ButtonLink>
				}
			>
				The link may be incomplete.
			</Blank>
		</main>
	);
}
