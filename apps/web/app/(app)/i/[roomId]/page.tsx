import { RoomId } from "@bullpen/domain/id";
import { notFound } from "next/navigation";
import { LinkScreen } from "../../../../features/people/link-screen.tsx";

export default async function Page({ params }: { params: Promise<{ roomId: string }> }) {
	const roomId = RoomId.safeParse((await params).roomId);
	if (!roomId.success) notFound();
	return <LinkScreen roomId={roomId.data} />;
}
