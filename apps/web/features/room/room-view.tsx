"use client";
import { useSearchParams } from "next/navigation";
import { RoomScreen } from "./room-screen.tsx";
import { useRoom } from "./use-room.ts";

/** The room of a page's address, at the message that `?m=` names. */
export function RoomView({ roomId }: { roomId: string }) {
	const linked = Number(useSearchParams().get("m"));
	const foundId = Number.isSafeInteger(linked) && linked > 0 ? linked : null;
	return <ConnectedRoom key={roomId} roomId={roomId} foundId={foundId} />;
}

function ConnectedRoom({ roomId, foundId }: { roomId: string; foundId: number | null }) {
	return <RoomScreen model={useRoom(roomId, foundId)} />;
}
