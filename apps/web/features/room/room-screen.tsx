"use client";
import { DoorClosed, Hash, TriangleAlert } from "lucide-react";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SidebarBar } from "../../ui/shell.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Room } from "./room.tsx";
import type { RoomModel } from "./room-data.ts";

export function RoomScreen({ model }: { model: RoomModel }) {
	const { data } = model;
	switch (data.phase) {
		case "loading":
			return (
				<>
					<PageHeader icon={<Hash />} title={null} />
					<div className="flex flex-1 flex-col justify-end pb-24">
						<SkeletonRows label="Loading messages" />
					</div>
				</>
			);
		case "closed":
			return (
				<>
					<SidebarBar />
					<Blank
						icon={<DoorClosed />}
						title="This room is not open to you"
						actions={
							<ButtonLink variant="primary" href="/r/general">
								Go to #general
							</ButtonLink>
						}
					>
						It may be private, or it may not exist. Someone who is in it can invite you.
					</Blank>
				</>
			);
		case "failed":
			return (
				<>
					<SidebarBar />
					<Blank
						icon={<TriangleAlert />}
						tone="danger"
						title="The room could not be opened"
						actions={
							<Button variant="primary" onClick={model.verbs.retryOpening}>
								Try again
							</Button>
						}
					>
						{data.reason}
					</Blank>
				</>
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
