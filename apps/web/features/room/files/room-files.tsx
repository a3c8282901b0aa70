"use client";
import type { Message } from "@bullpen/domain/message";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { isPicture } from "../../../live/files-words.ts";
import { fetched } from "../../../ui/fetched.tsx";
import type { MessageOf } from "../message-list.tsx";

const Viewer = fetched(() => import("./viewer.tsx"));

interface RoomFiles {
	roomId: string;
	/** Shows a picture of a message as large as the screen allows. */
	open: (messageId: number, fileId: string) => void;
}

const RoomFilesContext = createContext<RoomFiles | null>(null);

export function useRoomFiles(): RoomFiles {
	const files = use(RoomFilesContext);
	if (files === null) throw new Error("This has to be inside RoomFilesProvider.");
	return files;
}

interface RoomFilesProviderProps {
	roomId: string;
	messageOf: MessageOf;
	authorOf: (message: Message) => string;
	children: ReactNode;
}

/** Files in messages drawn inside belong to this room; the picture that is looked at lies over all of it. */
export function RoomFilesProvider({ roomId, messageOf, authorOf, children }: RoomFilesProviderProps) {
	const [looked, setLooked] = useState<{ messageId: number; fileId: string } | null>(null);
	const files = useMemo(
		() => ({ roomId, open: (messageId: number, fileId: string) => setLooked({ messageId, fileId }) }),
		[roomId],
	);
	const message = looked === null ? null : messageOf(looked.messageId);
	// Once its message is deleted nothing of it is shown any more.
	const pictures = message?.attachments?.filter(isPicture) ?? [];
	return (
		<RoomFilesContext value={files}>
			{children}
			{looked !== null && message && pictures.length > 0 && (
				<Viewer
					roomId={roomId}
					pictures={pictures}
					shownId={looked.fileId}
					author={authorOf(message)}
					at={message.timestamp}
					onShow={(fileId) => setLooked({ ...looked, fileId })}
					onClose={() => setLooked(null)}
				/>
			)}
		</RoomFilesContext>
	);
}
