import type { TurnRow } from "@bullpen/domain/workspace";
import { CircleSlash, CircleX, Info, PlugZap, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";

const NOTICES = {
	info: { icon: <Info />, look: "text-text-muted" },
	warning: { icon: <TriangleAlert />, look: "text-attention-text" },
	error: { icon: <CircleX />, look: "text-danger-text" },
} as const;

export function NoticeLine({ level, text }: { level: keyof typeof NOTICES; text: string }) {
	const { icon, look } = NOTICES[level];
	return (
		<Line icon={icon} look={look}>
			{text}
		</Line>
	);
}

/** How a turn ended, when it did not simply finish. */
export function EndLine({ turn, personOf }: { turn: TurnRow; personOf: PersonOf }) {
	switch (turn.status) {
		case "cancelled":
			return (
				<Line icon={<CircleSlash />} look="text-text-muted">
					{turn.cancelledBy === undefined ? "Stopped." : `Stopped by ${personOf(turn.cancelledBy).name}.`}
				</Line>
			);
		case "interrupted":
			return (
				<Line icon={<PlugZap />} look="text-attention-text">
					{turn.problem ?? "Interrupted: the agent's process ended."} Send the prompt again to go on.
				</Line>
			);
		case "failed":
			return (
				<Line icon={<CircleX />} look="text-danger-text">
					{turn.problem ?? "The agent gave up on this."}
				</Line>
			);
		case "running":
		case "completed":
			return null;
	}
}

/** An update of a kind this version does not know: kept readable. */
export function UnknownLine({ name, json }: { name: string; json: string }) {
	return (
		<details className="py-1 text-sm text-text-faint">
			<summary className="w-fit rounded-sm">{name}</summary>
			<pre className="mt-1 max-h-60 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs">{json}</pre>
		</details>
	);
}

function Line({ icon, look, children }: { icon: ReactNode; look: string; children: ReactNode }) {
	return (
		<p className={cx("flex items-start gap-2 py-1.5 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0", look)}>
			{icon}
			<span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
		</p>
	);
}
