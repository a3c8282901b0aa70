import { MapPinOff } from "lucide-react";
import { DeadEnd } from "../../ui/screen-states.tsx";

export default function NotFound() {
	return (
		<DeadEnd icon={<MapPinOff />} title="There is nothing at this address" href="/r/general" way="Go to #general">
			The link may be incomplete.
		</DeadEnd>
	);
}
