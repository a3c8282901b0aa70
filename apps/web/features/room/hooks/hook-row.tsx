import type { Hook, Progress } from "@bullpen/domain/webhook";
import { ArrowDownToLine, ArrowUpFromLine, ListChecks, Pause, Play, Trash2 } from "lucide-react";
import type { PersonOf } from "../../../live/person.ts";
import { Badge } from "../../../ui/badge.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { clockOf } from "../../../ui/time.ts";

interface HookRowProps {
	hook: Hook;
	progress: Progress | undefined;
	personOf: PersonOf;
	onWatch: () => void;
	onSetActive: (isActive: boolean) => void;
	onRemove: () => void;
}

/** One webhook: which way it goes, how it is doing, and what can be done about it. */
export function HookRow({ hook, progress, personOf, onWatch, onSetActive, onRemove }: HookRowProps) {
	const isOut = hook.type === "outgoing";
	const isActive = isOut ? hook.stopped === undefined : hook.disabledAt === undefined;
	const Direction = isOut ? ArrowUpFromLine : ArrowDownToLine;
	return (
		<li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 ps-3 pe-1.5 text-sm">
			<Direction className="size-4 shrink-0 text-text-faint" aria-label={isOut ? "Goes out" : "Comes in"} />
			<span className="min-w-40 flex-1">
				<span className="flex items-center gap-2">
					<span className="truncate font-medium">{hook.name}</span>
					<State hook={hook} progress={progress} />
				</span>
				<span className="block text-text-faint text-xs [overflow-wrap:anywhere]">
					{isOut ? hostOf(hook.url) : `Speaks as ${personOf(hook.botId).name}`}
					{isOut && hook.stopped !== undefined && REASONS[hook.stopped.reason]}
					{isOut && progress !== undefined && progress.waiting > 0 && ` · ${progress.waiting} waiting`}
					{isOut && progress?.retryAt !== undefined && ` · next try at ${clockOf(progress.retryAt)}`}
				</span>
			</span>
			<span className="flex shrink-0">
				{isOut && (
					<IconButton label={`Deliveries of ${hook.name}`} tip="none" onClick={onWatch}>
						<ListChecks />
					</IconButton>
				)}
				<IconButton
					label={`${isActive ? "Stop" : "Start"} ${hook.name}`}
					tip="none"
					onClick={() => onSetActive(!isActive)}
				>
					{isActive ? <Pause /> : <Play />}
				</IconButton>
				<IconButton label={`Remove ${hook.name}`} variant="danger" tip="none" onClick={onRemove}>
					<Trash2 />
				</IconButton>
			</span>
		</li>
	);
}

const REASONS = {
	"by-person": "",
	"failed-too-long": " · nothing got through",
	"too-far-behind": " · too far behind",
} as const;

function State({ hook, progress }: Pick<HookRowProps, "hook" | "progress">) {
	if (hook.type === "incoming") return hook.disabledAt === undefined ? null : <Badge>Stopped</Badge>;
	if (hook.stopped !== undefined) {
		return <Badge tone={hook.stopped.reason === "by-person" ? "plain" : "danger"}>Stopped</Badge>;
	}
	return progress?.failingSince === undefined ? null : <Badge tone="attention">Failing</Badge>;
}

/** Addresses of webhooks often carry a secret in their path: a list shows where they lead. */
function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : url;
}
