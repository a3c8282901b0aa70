"use client";
import { Problem } from "@bullpen/domain/problem";
import { LinkSecret } from "@bullpen/domain/room-link";
import { DoorOpen, Unlink } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { useTitle } from "../../live/use-title.ts";
import { wordsFor } from "../../live/words.ts";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { SidebarBar } from "../../ui/shell.tsx";

type Phase = { type: "asking" } | { type: "entering" } | { type: "closed" } | { type: "failed"; reason: string };

/** Where a link into a room leads: it is entered by an act of one's own. */
export function LinkScreen({ roomId }: { roomId: string }) {
	const { directory } = useLive();
	const isOpen = useSyncExternalStore(
		directory.subscribe,
		() => directory.getSnapshot().isLoaded,
		() => false,
	);
	const secret = useSecret();
	const [phase, setPhase] = useState<Phase>({ type: "asking" });
	const router = useRouter();
	useTitle("Invitation");
	const enter = async () => {
		if (secret === null) return;
		setPhase({ type: "entering" });
		try {
			await directory.acceptLink(roomId, secret);
			router.replace(`/r/${roomId}`);
		} catch (error) {
			const isClosed = error instanceof Problem && error.code === "not_found";
			setPhase(isClosed ? { type: "closed" } : { type: "failed", reason: wordsFor(error) });
		}
	};
	return (
		<>
			<SidebarBar />
			{phase.type === "closed" || secret === "" ? (
				<Blank
					icon={<Unlink />}
					title="This link does not work any more"
					actions={
						<ButtonLink variant="primary" href="/rooms">
							Browse rooms
						</ButtonLink>
					}
				>
					It was withdrawn, used up, or is too old. Ask whoever sent it for a fresh one.
				</Blank>
			) : (
				<Blank
					icon={<DoorOpen />}
					title="You are invited to a room"
					actions={
						<Button
							variant="primary"
							isBusy={phase.type === "entering"}
							disabled={!isOpen || secret === null}
							onClick={enter}
						>
							Join room
						</Button>
					}
				>
					{phase.type === "failed" ? (
						<span role="alert" className="text-danger-text">
							{phase.reason}
						</span>
					) : (
						"Everybody in it sees that you joined, and you see what was said before."
					)}
				</Blank>
			)}
		</>
	);
}

/** What stands behind the `#`: never sent to a server. Empty when the link is incomplete, null while it is not known. */
function useSecret(): string | null {
	return useSyncExternalStore(
		subscribe,
		() => (LinkSecret.safeParse(location.hash.slice(1)).success ? location.hash.slice(1) : ""),
		() => null,
	);
}

const subscribe = (listener: () => void) => {
	window.addEventListener("hashchange", listener);
	return () => window.removeEventListener("hashchange", listener);
};
