"use client";
import { useSearchParams } from "next/navigation";
import { RoomScreen } from "./room-screen.tsx";
import { useRoom } from "./use-room.ts";

/** The room of a page's address, at the message that `?m=` names; with `&t=` in its thread, where the room shows it, too. */
export function RoomView({ roomId }: { roomId: string }) {
	const search = useSearchParams();
	const linked = Number(search.get("m"));
	const foundId = Number.isSafeInteger(linked) && linked > 0 ? linked : null;
	return <ConnectedRoom key={roomId} roomId={roomId} foundId={foundId} isInThread={search.has("t")} />;
}

interface ConnectedRoomProps {
	roomId: string;
	foundId: number | null;
	isInThread: boolean;
}

function ConnectedRoom({ roomId, foundId, isInThread }: ConnectedRoomProps) {
	return <RoomScreen model={useRoom(roomId, foundId, isInThread)} />;
}
