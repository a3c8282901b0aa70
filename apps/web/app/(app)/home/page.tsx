import { HomeScreen } from "../../../features/inbox/home-screen.tsx";

export default function Page() {
	return <HomeScreen />;
}
