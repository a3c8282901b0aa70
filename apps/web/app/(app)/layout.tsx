import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { currentUser } from "../../lib/session.ts";
import { LiveProvider } from "../../live/live.tsx";
import { Frame } from "./frame.tsx";

export default async function Layout({ children }: { children: ReactNode }) {
	const person = await currentUser();
	if (person === null) redirect("/sign-in");
	const { id, name, role } = person;
	return (
		<LiveProvider me={{ id, name, role }} url={process.env.BULLPEN_PUBLIC_URL ?? ""}>
			<Frame>{children}</Frame>
		</LiveProvider>
	);
}
