"use client";
import type { QuietHours } from "@bullpen/domain/inbox";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";

interface NotificationsDialogProps {
	quietHours: QuietHours | null;
	isBusy: boolean;
	error: string | null;
	onSave: (quietHours: QuietHours | null) => void;
	onClose: () => void;
}

const EVENING = { fromMinute: 22 * 60, toMinute: 7 * 60 };

/** What of all rooms together is chosen: whether this browser tells, and when nobody should. */
export default function NotificationsDialog({ quietHours, isBusy, error, onSave, onClose }: NotificationsDialogProps) {
	const [isQuiet, setQuiet] = useState(quietHours !== null);
	const [from, setFrom] = useState(clockOf((quietHours ?? EVENING).fromMinute));
	const [to, setTo] = useState(clockOf((quietHours ?? EVENING).toMinute));
	const [timeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
	const save = () =>
		onSave(isQuiet ? { fromMinute: minuteOf(from), toMinute: minuteOf(to), timeZone: timeZone || "UTC" } : null);
	return (
		<Dialog
			title="Notifications"
			description="You hear of direct messages and mentions. Every room’s menu can change that."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button variant="primary" isBusy={isBusy} onClick={save}>
						Save
					</Button>
				</>
			}
		>
			<div className="space-y-5 px-5 pt-4 pb-2">
				<Permission />
				<div>
					<label className="flex items-center gap-2.5 font-medium">
						<input
							type="checkbox"
							checked={isQuiet}
							onChange={(event) => setQuiet(event.target.checked)}
							className="size-4 accent-(--color-accent)"
						/>
						Do not disturb at these hours
					</label>
					{isQuiet && (
						<div className="mt-3 grid grid-cols-2 gap-3">
							<Field label="From" type="time" required value={from} onChange={(event) => setFrom(event.target.value)} />
							<Field label="Until" type="time" required value={to} onChange={(event) => setTo(event.target.value)} />
						</div>
					)}
					{isQuiet && <p className="mt-2 text-sm text-text-faint">By the clock of {timeZone}. Counts stay exact.</p>}
				</div>
				{error && (
					<p role="alert" className="text-danger-text text-sm">
						{error}
					</p>
				)}
			</div>
		</Dialog>
	);
}

const STATES = {
	granted: "This browser tells you while you look at something else.",
	denied: "This browser was told not to. Allow notifications of this site in its settings.",
	default: "This browser may tell you while you look at something else.",
} as const;

function Permission() {
	const [permission, setPermission] = useState(() =>
		typeof Notification === "undefined" ? null : Notification.permission,
	);
	if (permission === null) return null;
	return (
		<div className="flex items-center gap-3">
			<p className="flex-1 text-text-muted">{STATES[permission]}</p>
			{permission === "default" && (
				<Button onClick={() => void Notification.requestPermission().then(setPermission)}>Allow</Button>
			)}
		</div>
	);
}

const clockOf = (minute: number) =>
	`${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function minuteOf(clock: string): number {
	const [hours = 0, minutes = 0] = clock.split(":").map(Number);
	return Number.isFinite(hours + minutes) ? hours * 60 + minutes : 0;
}
