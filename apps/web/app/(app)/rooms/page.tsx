import { RoomsScreen } from "../../../features/people/rooms-screen.tsx";

export default function Page() {
	return <RoomsScreen />;
}
