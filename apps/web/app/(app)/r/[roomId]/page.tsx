import { RoomId } from "@bullpen/domain/id";
import { notFound } from "next/navigation";
import { RoomView } from "../../../../features/room/room-view.tsx";

export default async function Page({ params }: { params: Promise<{ roomId: string }> }) {
	const roomId = RoomId.safeParse((await params).roomId);
	if (!roomId.success) notFound();
	return <RoomView roomId={roomId.data} />;
}
