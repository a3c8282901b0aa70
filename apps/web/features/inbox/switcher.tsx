"use client";
import { Hash, Lock, MessageCircle, Plus, Search } from "lucide-react";
import { useId } from "react";
import { AgentDot, agentLook } from "../../live/agent-dot.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { CountBadge } from "../../ui/badge.tsx";
import { cx } from "../../ui/cx.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useCombobox } from "../../ui/use-combobox.ts";
import { type Choice, type Choosable, choicesFor } from "./choices.ts";

interface SwitcherProps {
	choosable: Choosable;
	/** Why the last attempt to open a room failed, in words. */
	error: string | null;
	isBusy: boolean;
	onChoose: (choice: Choice) => void;
	onClose: () => void;
}

export default function Switcher({ choosable, error, isBusy, onChoose, onClose }: SwitcherProps) {
	const errorId = useId();
	const { found, field, list, option, isActive } = useCombobox(
		(query) => choicesFor(query, choosable),
		(event, active) => {
			if (event.key !== "Enter" || active === undefined || isBusy) return false;
			onChoose(active);
			return true;
		},
	);

	return (
		<Dialog title="Open room" hasHiddenTitle onClose={onClose} className="max-w-136">
			<div className="flex items-center gap-3 border-line border-b px-4">
				{isBusy ? (
					<Spinner className="text-text-faint" />
				) : (
					<Search className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
				)}
				<input
					{...field}
					role="combobox"
					aria-expanded="true"
					aria-label="Room name"
					aria-describedby={error ? errorId : undefined}
					placeholder="Room, person or workspace…"
					className="h-13 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-text-faint pointer-coarse:text-[1rem]"
				/>
			</div>
			{error && (
				<p id={errorId} role="alert" className="bg-danger-soft px-4 py-2 text-danger-text text-sm">
					{error}
				</p>
			)}
			<div {...list} role="listbox" aria-label="Rooms, workspaces and people" className="min-h-0 overflow-y-auto p-1.5">
				{found.map((choice, index) => (
					// biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the active option.
					// biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys.
					<div
						key={"id" in choice ? `${choice.type}:${choice.id}` : choice.type}
						{...option(index)}
						role="option"
						aria-selected={isActive(index)}
						onClick={() => !isBusy && onChoose(choice)}
						className={cx(
							"flex h-9.5 cursor-pointer items-center gap-3 rounded-md px-3 pointer-coarse:h-12 [&_svg]:size-4",
							isActive(index) && "bg-selected",
						)}
					>
						<ChoiceLine choice={choice} />
					</div>
				))}
			</div>
			<div className="hidden items-center gap-4 border-line border-t px-4 py-2 text-text-faint text-xs pointer-fine:flex">
				<span className="flex items-center gap-1.5">
					<Kbd>↑</Kbd>
					<Kbd>↓</Kbd> choose
				</span>
				<span className="flex items-center gap-1.5">
					<Kbd>Enter</Kbd> open
				</span>
				<span className="ms-auto">A new name makes a new room</span>
			</div>
		</Dialog>
	);
}

const ROOM_ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

function ChoiceLine({ choice }: { choice: Choice }) {
	switch (choice.type) {
		case "room":
			return (
				<>
					{choice.otherId === undefined ? (
						<span className="text-text-faint" aria-hidden="true">
							{ROOM_ICONS[choice.visibility ?? "public"]}
						</span>
					) : (
						<Avatar id={choice.otherId} name={choice.name} size="xs" className="-mx-0.5" />
					)}
					<span className="min-w-0 flex-1 truncate">{choice.name}</span>
					{choice.unread > 0 && (
						<CountBadge
							count={choice.calls || choice.unread}
							isQuiet={!choice.calls}
							label={`${choice.unread} unread`}
						/>
					)}
					{!choice.isMember && <span className="text-text-faint text-xs">not joined</span>}
				</>
			);
		case "workspace":
			return (
				<>
					<span className="flex w-4 justify-center">
						<AgentDot state={choice.state} />
					</span>
					<span className="min-w-0 flex-1 truncate">{choice.name}</span>
					<span className="text-text-faint text-xs">{agentLook(choice.state).words}</span>
				</>
			);
		case "person":
			return (
				<>
					<Avatar id={choice.id} name={choice.name} size="xs" className="-mx-0.5" />
					<span className="min-w-0 flex-1 truncate">{choice.name}</span>
					<span className="text-text-faint text-xs">message</span>
				</>
			);
		case "new":
			return (
				<>
					<Lock className="text-text-faint" aria-hidden="true" />
					<span className="min-w-0 flex-1 truncate">Create a private room, or with a topic…</span>
				</>
			);
		case "search":
			return (
				<>
					<Search className="text-text-faint" aria-hidden="true" />
					<span className="min-w-0 flex-1 truncate">
						Search messages for <strong className="font-semibold">“{choice.name}”</strong>
					</span>
				</>
			);
		case "create":
			return (
				<>
					<Plus className="text-accent" aria-hidden="true" />
					<span className="min-w-0 flex-1 truncate">
						Create <strong className="font-semibold">#{choice.name}</strong>
					</span>
				</>
			);
	}
}
