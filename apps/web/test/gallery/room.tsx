// A room whose messages carry files, without a server: `?theme=dark`. Whoever serves this page answers `/api/files/…`;
// of what they do not answer one sees how that is drawn.
import type { OutgoingMessage } from "@bullpen/client/outgoing-message";
import type { Message } from "@bullpen/domain/message";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import { Room } from "../../features/room/room.tsx";
import type { OpenRoom, RoomVerbs } from "../../features/room/room-data.ts";
import type { Outgoing } from "../../features/room/timeline.ts";
import { LiveProvider } from "../../live/live.tsx";
import { Toasts } from "../../ui/toast.tsx";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");

const AT = new Date().setHours(9, 30, 0, 0) - 86_400_000;
const MINUTE_MS = 60_000;
const NAMES: Readonly<Record<string, string>> = { ada: "Ada Lovelace", bob: "Bob Ross", cy: "Cy Twombly" };
const personOf = (id: string) => ({ id, name: NAMES[id] ?? "Someone", isOnline: id !== "cy" });

let files = 0;
const file = (name: string, bytes: number, more: Partial<MessageAttachment> = {}): MessageAttachment => ({
	id: `f-${String(++files).padStart(30, "0")}`,
	name,
	mimeType: "application/octet-stream",
	bytes,
	...more,
});
const picture = (name: string, width: number, height: number) =>
	file(name, width * height * 0.4, { mimeType: "image/png", width, height });

let seqs = 0;
const message = (sender: string, text: string, attachments: MessageAttachment[] = [], more: Partial<Message> = {}) => {
	const id = ++seqs;
	return {
		...{ kind: "message", id, version: id, sender, text, timestamp: AT + id * 9 * MINUTE_MS, reactions: [] },
		...(attachments.length > 0 && { attachments }),
		...more,
	} as Message;
};

const MESSAGES = [
	message("ada", "The new landing page, as it is on staging:", [picture("landing.png", 2400, 1500)]),
	message("bob", "", [picture("phone.png", 780, 1688)], { reactions: [{ emoji: "👀", userIds: ["ada", "cy"] }] }),
	message("cy", "All of yesterday's photos, and the ones from the roof.", [
		picture("IMG_0412.jpg", 4000, 3000),
		picture("IMG_0413.jpg", 3000, 4000),
		picture("panorama-of-the-whole-town-from-the-roof.jpg", 12000, 2400),
		picture("IMG_0415.jpg", 2000, 2000),
		picture("missing.jpg", 2000, 1500),
	]),
	message("ada", "", [
		file("Quarterly report, final version (2).pdf", 1_834_000, { mimeType: "application/pdf" }),
		file("figures.csv", 18_200),
		file("a-rather-long-name-for-a-file-that-somebody-made-by-hand.config.json", 640),
		file("site-backup.tar.gz", 25_900_000),
	]),
	message("bob", "An icon, a line, and a picture that is gone:", [
		picture("icon.png", 16, 16),
		picture("rule.png", 1600, 4),
		picture("missing.png", 900, 500),
		file("notes.md", 2_048, { mimeType: "text/plain" }),
	]),
	message("cy", "", [picture("missing-alone.png", 1200, 700)], { replyTo: 3 }),
	message("ada", "Which of them?", [], { replyTo: 4, pinned: { by: "bob", at: AT } }),
	message("bob", "", [picture("missing-now.png", 1000, 500)], { pinned: { by: "ada", at: AT + 1 } }),
	message("cy", "", [], { deletedAt: AT }),
];

const nothing = () => undefined;
const ROOM: Omit<OpenRoom, "messages" | "outgoing" | "messageOf" | "pinnedIds"> = {
	...{ id: "gallery", name: "gallery", label: "#gallery", topic: "Files in messages", visibility: "public" },
	members: ["ada", "bob", "cy"].map(personOf),
	governance: {
		...{ role: "member", canInvite: true, canManage: false, isArchived: false, people: [], outside: [] },
		...{ retentionMessages: 250_000, createdAt: AT },
	},
	...{ isMember: true, canJoin: true, isJoining: false, older: "none", newer: "none", thread: null },
	...{ isPruned: false, typing: [], waitUntil: null },
};
const READING = { newFrom: null, unread: 0, firstSeq: null, seen: nothing, markUnread: nothing };

/** How long a message takes, so that it can be looked at on its way. */
const SENDING_MS = 1_500;

function Gallery() {
	const [messages, setMessages] = useState<readonly Message[]>(MESSAGES);
	const [outgoing, setOutgoing] = useState<readonly Outgoing[]>([]);
	const send = ({ text, attachments = [] }: OutgoingMessage) => {
		const nonce = String(Date.now());
		const sent = attachments.map(({ attachment }) => attachment);
		const isFailed = text === "fail";
		const status = isFailed ? ("failed" as const) : ("sending" as const);
		setOutgoing((all) => [...all, { nonce, text, files: sent, createdAt: Date.now(), status }]);
		if (isFailed) return null;
		setTimeout(() => {
			setOutgoing((all) => all.filter((one) => one.nonce !== nonce));
			setMessages((all) => [...all, message("ada", text, sent, { nonce, timestamp: Date.now() })]);
		}, SENDING_MS);
		return null;
	};
	const verbs = {
		...{
			send,
			retry: nothing,
			discard: nothing,
			edit: async () => null,
			remove: nothing,
			react: nothing,
			pin: nothing,
		},
		...{ follow: nothing, openThread: nothing, goTo: nothing, want: nothing, join: nothing, seen: nothing },
		...{ markUnread: nothing, setTyping: nothing, retryOpening: nothing },
		...{ loadOlder: nothing, loadNewer: nothing, showNewest: nothing },
	} as unknown as RoomVerbs;
	const room: OpenRoom = {
		...ROOM,
		messages,
		outgoing,
		messageOf: (id) => messages.find((one) => one.id === id) ?? null,
		pinnedIds: messages.flatMap(({ id, pinned }) => (pinned ? [id] : [])),
	};
	return (
		<main className="flex h-dvh flex-col bg-surface">
			<Room
				room={room}
				me="ada"
				personOf={personOf}
				verbs={verbs}
				reading={READING}
				found={{ room: null, thread: null }}
			/>
			<Toasts />
		</main>
	);
}

createRoot(document.body).render(
	<LiveProvider me={{ id: "ada", name: "Ada Lovelace", role: "member" }} url={location.origin}>
		<Gallery />
	</LiveProvider>,
);
