import { Hash, Lock, MessageCircle } from "lucide-react";

interface RoomIntroProps {
	label: string;
	visibility: "public" | "private" | "direct";
	isPruned: boolean;
}

const ICONS = { public: Hash, private: Lock, direct: MessageCircle } as const;
const WORDS = {
	public: "Everyone in the room sees what you write, now and later.",
	private: "Only people who were invited see what you write, now and later.",
	direct: "Only the people in it see what you write. Nobody can be added later.",
} as const;

/** Above the first message of a room. */
export function RoomIntro({ label, visibility, isPruned }: RoomIntroProps) {
	if (isPruned)
		return <p className="px-4 pb-2 text-sm md:px-5 text-text-faint">Older messages are no longer kept in this room.</p>;
	const Icon = ICONS[visibility];
	return (
		<div className="px-4 pb-1 md:px-5">
			<span className="mb-2 flex size-9 items-center justify-center rounded-md bg-accent-soft text-accent-text">
				<Icon className="size-5" aria-hidden="true" />
			</span>
			<p className="font-semibold text-lg tracking-[-0.01em]">
				{visibility === "direct" ? `This is between you and ${label}` : `This is where ${label} begins`}
			</p>
			<p className="text-sm text-text-muted">{WORDS[visibility]}</p>
		</div>
	);
}
