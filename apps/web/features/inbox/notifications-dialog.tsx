"use client";
import type { QuietHours } from "@bullpen/domain/inbox";
import { useState } from "react";
import type { PushState } from "../../live/push-device.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { DeviceSettings, type DeviceVerbs } from "./device-settings.tsx";

interface NotificationsDialogProps {
	device: PushState;
	deviceVerbs: DeviceVerbs;
	quietHours: QuietHours | null;
	isBusy: boolean;
	error: string | null;
	onSave: (quietHours: QuietHours | null) => void;
	onClose: () => void;
}

const EVENING = { fromMinute: 22 * 60, toMinute: 7 * 60 };

/** What of all rooms together is chosen: whether this device tells, and when none should. */
export default function NotificationsDialog(props: NotificationsDialogProps) {
	const { device, deviceVerbs, quietHours, isBusy, error, onSave, onClose } = props;
	const [isQuiet, setQuiet] = useState(quietHours !== null);
	const [from, setFrom] = useState(clockOf((quietHours ?? EVENING).fromMinute));
	const [to, setTo] = useState(clockOf((quietHours ?? EVENING).toMinute));
	const [timeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
	const chosen = isQuiet ? { fromMinute: minuteOf(from), toMinute: minuteOf(to), timeZone: timeZone || "UTC" } : null;
	return (
		<FormDialog
			title="Notifications"
			description="You hear of direct messages and mentions. Every room’s menu can change that."
			act="Save"
			canAct={!isSame(chosen, quietHours)}
			isBusy={isBusy}
			refusal={error}
			onAct={() => onSave(chosen)}
			onClose={onClose}
		>
			<DeviceSettings state={device} verbs={deviceVerbs} />
			<div>
				<label className="flex items-start gap-2.5">
					<input
						type="checkbox"
						checked={isQuiet}
						onChange={(event) => setQuiet(event.target.checked)}
						className="mt-0.75 size-4 shrink-0 accent-(--color-accent)"
					/>
					<span>
						<span className="font-medium">Do not disturb at these hours</span>
						<span className="block text-sm text-text-faint">
							{isQuiet
								? `On all your devices, by the clock of ${timeZone}. Counts stay exact.`
								: "On all your devices."}
						</span>
					</span>
				</label>
				{isQuiet && (
					<div className="mt-3 grid grid-cols-2 gap-3">
						<Field label="From" type="time" required value={from} onChange={(event) => setFrom(event.target.value)} />
						<Field label="Until" type="time" required value={to} onChange={(event) => setTo(event.target.value)} />
					</div>
				)}
			</div>
		</FormDialog>
	);
}

const isSame = (one: QuietHours | null, other: QuietHours | null): boolean =>
	one?.fromMinute === other?.fromMinute && one?.toMinute === other?.toMinute && one?.timeZone === other?.timeZone;

const clockOf = (minute: number) =>
	`${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function minuteOf(clock: string): number {
	const [hours = 0, minutes = 0] = clock.split(":").map(Number);
	return Number.isFinite(hours + minutes) ? hours * 60 + minutes : 0;
}
