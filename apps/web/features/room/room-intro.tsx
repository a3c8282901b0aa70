import { Hash } from "lucide-react";

/** Above the first message of a room. */
export function RoomIntro({ name, isPruned }: { name: string; isPruned: boolean }) {
	if (isPruned)
		return <p className="px-4 pb-2 text-sm md:px-5 text-text-faint">Older messages are no longer kept in this room.</p>;
	return (
		<div className="px-4 pb-1 md:px-5">
			<span className="mb-2 flex size-9 items-center justify-center rounded-md bg-accent-soft text-accent-text">
				<Hash className="size-5" aria-hidden="true" />
			</span>
			<p className="font-semibold text-lg tracking-[-0.01em]">This is where #{name} begins</p>
			<p className="text-sm text-text-muted">Everyone in the room sees what you write, now and later.</p>
		</div>
	);
}
