"use client";
import type { PromptRow } from "@bullpen/domain/workspace";
import { FastForward, GripVertical } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { AttachedFiles } from "./attach/attached-files.tsx";
import { QueueMenu } from "./queue-menu.tsx";
import type { DragOrder } from "./use-drag-order.ts";
import type { PromptFiles } from "./workspace-data.ts";

interface QueueRowProps {
	prompt: PromptRow;
	place: { index: number; count: number };
	author: Person;
	/** Who else changed its words, if anybody did. */
	editor: string | null;
	mayChange: boolean;
	/** Its handle keeps the focus, wherever in the list it went. */
	isNewlyMoved: boolean;
	drag: DragOrder;
	onMove: (at: number) => void;
	onEdit: () => void;
	onSendNow: () => void;
	onRemove: () => void;
	/** What its files have in them. */
	fileContent: PromptFiles["content"];
	/** Its editor, in place of the words. */
	children: ReactNode;
}

export function QueueRow({ prompt, place, author, editor, mayChange, drag, children, ...props }: QueueRowProps) {
	const row = useRef<HTMLLIElement>(null);
	const handle = useRef<HTMLButtonElement>(null);
	const { index, count } = place;
	const { isNewlyMoved } = props;
	const canMove = mayChange && count > 1;
	// A list in another order is other places for the same elements, and the browser lets go of the focus.
	// biome-ignore lint/correctness/useExhaustiveDependencies: again for every new place
	useEffect(() => {
		if (isNewlyMoved && document.activeElement === document.body) handle.current?.focus();
	}, [isNewlyMoved, index]);
	const onKeyDown = (event: KeyboardEvent) => {
		const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: count - 1 }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		if (to >= 0 && to < count) props.onMove(to);
	};
	const drop = drag.place?.id === prompt.id ? drag.place.side : null;
	return (
		<li
			ref={row}
			onDragOver={(event) => drag.over(event, prompt.id)}
			onDrop={drag.drop}
			className={cx(
				"group relative rounded-md bg-sunken py-2 pe-2 ring-1 ring-line ring-inset",
				canMove ? "ps-1" : "ps-2.5",
				drag.draggedId === prompt.id && "opacity-50",
				drop !== null && "before:absolute before:inset-x-0 before:h-0.5 before:rounded-full before:bg-accent",
				drop === "before" && "before:-top-[5px]",
				drop === "after" && "before:-bottom-[5px]",
			)}
		>
			<div className="flex items-center gap-1.5">
				{canMove && (
					<button
						ref={handle}
						type="button"
						draggable
						aria-label={`Move the prompt of ${author.name}, place ${index + 1} of ${count}. Arrow keys move it.`}
						onDragStart={(event) => drag.start(event, prompt.id, row.current)}
						onDragEnd={drag.end}
						onKeyDown={onKeyDown}
						className="-my-1 flex h-7 w-5 shrink-0 cursor-grab items-center justify-center rounded-sm text-text-faint hover:bg-hover hover:text-text active:cursor-grabbing pointer-coarse:h-9 pointer-coarse:w-7"
					>
						<GripVertical className="size-3.5" aria-hidden="true" />
					</button>
				)}
				<Avatar id={author.id} name={author.name} size="xs" />
				<span className="min-w-0 flex-1 truncate font-medium text-xs">{author.name}</span>
				{prompt.sentNowBy !== undefined && <Badge tone="info">Next</Badge>}
				{mayChange && (
					<span className="-my-1 flex">
						{prompt.sentNowBy === undefined && (
							<IconButton
								label="Send now: stop what runs, then run this"
								title="Send now: stop what runs, then run this"
								tip="none"
								onClick={props.onSendNow}
							>
								<FastForward />
							</IconButton>
						)}
						<QueueMenu
							label={`More for the prompt of ${author.name}`}
							index={index}
							count={count}
							onMove={props.onMove}
							onEdit={props.onEdit}
							onRemove={props.onRemove}
						/>
					</span>
				)}
			</div>
			<div className={canMove ? "ps-1.5" : undefined}>
				{children || (
					<p className="mt-1 line-clamp-4 whitespace-pre-line text-sm [overflow-wrap:anywhere]">{prompt.text}</p>
				)}
				<AttachedFiles files={prompt.attachments ?? []} contentOf={props.fileContent} isSmall />
				{prompt.edited && (
					<p className="mt-1 text-text-faint text-xs">{editor === null ? "Edited" : `Edited by ${editor}`}</p>
				)}
			</div>
		</li>
	);
}
