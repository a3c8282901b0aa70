import { MapPinOff } from "lucide-react";
import { Blank } from "../../ui/blank.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { SidebarBar } from "../../ui/shell.tsx";

export default function NotFound() {
	return (
		<>
			<SidebarBar />
			<Blank
				icon={<MapPinOff />}
				title="There is nothing at this address"
				actions={
					<ButtonLink variant="primary" href="/r/general">
						Go to #general
					</ButtonLink>
				}
			>
				The link may be incomplete.
			</Blank>
		</>
	);
}
