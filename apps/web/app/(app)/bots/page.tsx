import { BotsScreen } from "../../../features/bots/bots-screen.tsx";

export default function Page() {
	return <BotsScreen />;
}
