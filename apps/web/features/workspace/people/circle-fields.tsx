"use client";
import type { WorkspaceVisibility } from "@bullpen/domain/workspace";
import { Globe, Hash, Lock } from "lucide-react";
import { useId } from "react";
import { Option } from "../../../ui/option.tsx";
import { Select } from "../../../ui/select.tsx";
import { CIRCLES } from "./role-words.ts";

export const CIRCLE_ICONS = { server: <Globe />, room: <Hash />, private: <Lock /> } as const;

/** Who may enter a workspace. */
export interface Circle {
	visibility: WorkspaceVisibility;
	/** The room that is or would be chosen. */
	roomId: string;
}

interface CircleFieldsProps {
	circle: Circle;
	rooms: readonly { id: string; name: string }[];
	onChange: (circle: Circle) => void;
}

export function CircleFields({ circle, rooms, onChange }: CircleFieldsProps) {
	const { visibility, roomId } = circle;
	const id = useId();
	return (
		<fieldset className="grid gap-2">
			<legend className="mb-1.5 font-medium text-sm">Who can enter</legend>
			{(["server", "room", "private"] as const).map((one) => (
				<div key={one} className={one === "room" && rooms.length === 0 ? "hidden" : "grid gap-2"}>
					<Option
						name="circle"
						value={one}
						isChecked={visibility === one}
						icon={CIRCLE_ICONS[one]}
						title={CIRCLES[one].label}
						onChange={() => onChange({ ...circle, visibility: one })}
					>
						{CIRCLES[one].meaning}
					</Option>
					{one === "room" && visibility === "room" && (
						<div className="flex items-center gap-3 text-sm">
							<label htmlFor={id} className="text-text-muted">
								Room
							</label>
							<Select
								id={id}
								size="sm"
								className="min-w-0 flex-1"
								value={roomId}
								onChange={(event) => onChange({ ...circle, roomId: event.target.value })}
							>
								{rooms.map((room) => (
									<option key={room.id} value={room.id}>
										{room.name}
									</option>
								))}
							</Select>
						</div>
					)}
				</div>
			))}
		</fieldset>
	);
}

/** As the actors take it. */
export const chosenCircle = ({
	visibility,
	roomId,
}: Circle): { visibility: "room"; roomId: string } | { visibility: "server" | "private" } =>
	visibility === "room" ? { visibility, roomId } : { visibility };
