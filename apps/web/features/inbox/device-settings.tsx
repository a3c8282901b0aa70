"use client";
import type { PushOutcome } from "@bullpen/domain/push";
import { Bell, BellOff, BellRing, CircleAlert, type LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { PushState } from "../../live/push-device.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";

export interface DeviceVerbs {
	enable: () => Promise<void>;
	disable: () => Promise<void>;
	look: () => Promise<void>;
	setShowsText: (showsText: boolean) => Promise<void>;
	/** Null: nobody could be asked. */
	test: () => Promise<PushOutcome | null>;
}
interface DeviceSettingsProps {
	state: PushState;
	verbs: DeviceVerbs;
}

/** Whether this browser tells its person anything while they look elsewhere, what is in the way, and what they can do. */
export function DeviceSettings({ state, verbs }: DeviceSettingsProps) {
	const [busy, setBusy] = useState<string | null>(null);
	const [outcome, setOutcome] = useState<PushOutcome | "unasked" | null>(null);
	const doing = (name: string, act: () => Promise<unknown>) => async () => {
		setBusy(name);
		setOutcome(null);
		await act().finally(() => setBusy(null));
	};
	const button = (name: string, act: () => Promise<unknown>, variant: "primary" | "secondary" = "secondary") => (
		<Button size="sm" variant={variant} isBusy={busy === name} disabled={busy !== null} onClick={doing(name, act)}>
			{name}
		</Button>
	);
	const test = async () => setOutcome((await verbs.test()) ?? "unasked");
	switch (state.phase) {
		case "unknown":
			return <Card icon={Bell} title="This device" text="Looking how things are…" />;
		case "unsupported":
			return <Card icon={BellOff} {...OBSTACLES[state.why]} />;
		case "denied":
			return (
				<Card icon={BellOff} {...DENIED}>
					{button("Check again", verbs.look)}
				</Card>
			);
		case "failed":
			return (
				<Card icon={CircleAlert} tone="danger" role="alert" {...FAILURES[state.why]}>
					{button("Try again", state.why === "service" ? verbs.enable : verbs.look)}
				</Card>
			);
		case "off":
			return (
				<Card icon={Bell} {...OFF}>
					{button("Turn on", verbs.enable, "primary")}
				</Card>
			);
		case "on":
			return (
				<Card icon={BellRing} tone="accent" {...ON}>
					{button("Send a test", test)}
					{button("Turn off", verbs.disable)}
					<p role="status" className="basis-full text-sm text-text-muted empty:hidden">
						{outcome !== null && OUTCOMES[outcome]}
					</p>
					<label className="mt-1 flex basis-full items-start gap-2.5 border-line border-t pt-3">
						<input
							type="checkbox"
							checked={state.showsText}
							disabled={busy !== null}
							onChange={(event) => void doing("text", () => verbs.setShowsText(event.target.checked))()}
							className="mt-0.75 size-4 shrink-0 accent-(--color-accent)"
						/>
						<span>
							Show what was said
							<span className="block text-sm text-text-faint">
								Otherwise only who and where, for screens that others see.
							</span>
						</span>
					</label>
				</Card>
			);
	}
}

interface CardProps {
	icon: LucideIcon;
	title: string;
	text: string;
	tone?: keyof typeof TONES;
	role?: "alert";
	children?: ReactNode;
}

const TONES = {
	plain: "bg-sunken text-text-muted",
	accent: "bg-accent-soft text-accent-text",
	danger: "bg-danger-soft text-danger-text",
} as const;

function Card({ icon: Icon, title, text, tone = "plain", role, children }: CardProps) {
	return (
		<section aria-label="This device" className="flex gap-3 rounded-lg border border-line p-3.5">
			<span className={cx("flex size-9 shrink-0 items-center justify-center rounded-md", TONES[tone])}>
				<Icon className="size-4.5" aria-hidden="true" />
			</span>
			<div className="min-w-0 flex-1">
				<div role={role}>
					<h3 className="font-medium">{title}</h3>
					<p className="mt-0.5 text-sm text-text-muted">{text}</p>
				</div>
				{children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
			</div>
		</section>
	);
}

const OFF = {
	title: "This device is quiet",
	text: "Turn it on to hear of mentions, direct messages and agents while Bullpen is in the background or closed.",
};
const ON = {
	title: "This device tells you",
	text: "While you look elsewhere, also when Bullpen is closed. Never while you are looking at it.",
};
const DENIED = {
	title: "This browser was told not to",
	text: "Open what it says about this site, beside the address, allow notifications there, and check again.",
};
const OBSTACLES = {
	insecure: {
		title: "Not by this address",
		text: "Browsers tell you only where the address begins with https. Ask whoever runs this server for such a one.",
	},
	install: {
		title: "First put Bullpen on the Home Screen",
		text: "Tap Share, then “Add to Home Screen”. Open Bullpen from there and come back to this place.",
	},
	browser: {
		title: "This browser cannot",
		text: "It has no way to be told while Bullpen is closed. Another browser, or a newer one, has.",
	},
} as const;
const FAILURES = {
	service: {
		title: "The browser’s push service did not answer",
		text: "Some browsers have it switched off in their settings. As long as Bullpen is open, it tells you without it.",
	},
	server: {
		title: "That did not work",
		text: "The server could not be asked. Check your connection.",
	},
} as const;
const OUTCOMES = {
	delivered: "Sent. It shows on this device in a moment; if not, look at the system’s own notification settings.",
	gone: "The browser’s push service knows this device no more. Turn it off and on again.",
	refused: "The browser’s push service refused it. Turn this device off and on again.",
	unreachable: "The server could not reach the browser’s push service. It may not be allowed to go out.",
	unasked: "The server could not be asked. Try again in a moment.",
} as const;
