"use client";
import { DoorClosed, Hash } from "lucide-react";
import { DeadEnd, FailedScreen, LoadingScreen } from "../../ui/screen-states.tsx";
import { Room } from "./room.tsx";
import type { RoomModel } from "./room-data.ts";

export function RoomScreen({ model }: { model: RoomModel }) {
	const { data } = model;
	switch (data.phase) {
		case "loading":
			return <LoadingScreen icon={<Hash />} label="Loading messages" />;
		case "closed":
			return (
				<DeadEnd icon={<DoorClosed />} title="This room is not open to you" href="/r/general" way="Go to #general">
					It may be private, or it may not exist. Someone who is in it can invite you.
				</DeadEnd>
			);
		case "failed":
			return (
				<FailedScreen title="The room could not be opened" reason={data.reason} onRetry={model.verbs.retryOpening} />
			);
		case "open":
			return (
				<Room
					key={data.room.id}
					room={data.room}
					me={model.me}
					personOf={model.personOf}
					verbs={model.verbs}
					reading={model.reading}
					found={model.found}
				/>
			);
	}
}
