"use client";
import type { Message } from "@bullpen/domain/message";
import { PinOff } from "lucide-react";
import { useEffect } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { clockOf, dayLabelOf, fullTimeOf } from "../../ui/time.ts";
import { MessageFiles } from "./files/message-files.tsx";
import type { MessageOf } from "./message-list.tsx";
import { PanelTop } from "./panel-top.tsx";

interface PinsPanelProps {
	pinnedIds: readonly number[];
	messageOf: MessageOf;
	personOf: PersonOf;
	onWant: (ids: readonly number[]) => void;
	onGoTo: (id: number) => void;
	onUnpin: ((id: number) => void) | undefined;
	onClose: () => void;
}

export default function PinsPanel(props: PinsPanelProps) {
	const { pinnedIds, messageOf, personOf, onWant, onGoTo, onUnpin, onClose } = props;
	useEffect(() => onWant(pinnedIds), [pinnedIds, onWant]);
	const known = pinnedIds.map(messageOf);
	const pinned = known
		.filter((message) => message?.pinned !== undefined)
		.filter(isThere)
		.sort(latestFirst);
	return (
		<SidePanel
			title="Pinned messages"
			isOpen
			hasOwnTop
			onClose={onClose}
			sheet="full"
			width={384}
			onWidth={() => undefined}
		>
			<PanelTop title="Pinned messages" onClose={onClose} />
			<div className="flex-1 overflow-y-auto px-3 py-3">
				{pinnedIds.length === 0 && (
					<p className="px-2 py-6 text-center text-sm text-text-muted">
						Nothing is pinned here. What everybody should find again can be pinned from its own buttons.
					</p>
				)}
				{pinned.length === 0 && pinnedIds.length > 0 && <SkeletonRows label="Loading pinned messages" />}
				<ul className="space-y-2">
					{pinned.map((message) => (
						<li key={message.id} className="rounded-lg bg-raised p-3 shadow-low">
							<div className="flex items-center gap-2">
								<Avatar id={message.sender} name={personOf(message.sender).name} size="sm" />
								<span className="truncate font-semibold text-sm">{personOf(message.sender).name}</span>
								<time className="shrink-0 text-text-faint text-xs" title={fullTimeOf(message.timestamp)}>
									{dayLabelOf(message.timestamp, Date.now())}, {clockOf(message.timestamp)}
								</time>
								{onUnpin && (
									<span className="-my-1 -me-1 ms-auto">
										<IconButton label="Unpin" tip="none" onClick={() => onUnpin(message.id)}>
											<PinOff />
										</IconButton>
									</span>
								)}
							</div>
							<div className="max-h-40 overflow-hidden py-1.5">
								{message.text !== "" && <Markdown text={message.text} className="text-sm" />}
								{message.attachments && <MessageFiles files={message.attachments} messageId={message.id} isSmall />}
							</div>
							<div className="flex items-center gap-2 text-text-faint text-xs">
								<span className="truncate" title={fullTimeOf(message.pinned?.at ?? 0)}>
									Pinned by {personOf(message.pinned?.by ?? "").name}
								</span>
								<button
									type="button"
									onClick={() => onGoTo(message.id)}
									className="ms-auto shrink-0 rounded-xs font-medium text-accent-text hover:underline pointer-coarse:py-2"
								>
									Jump to it
								</button>
							</div>
						</li>
					))}
				</ul>
			</div>
		</SidePanel>
	);
}

const isThere = (message: Message | null | undefined): message is Message => message !== null && message !== undefined;
const latestFirst = (a: Message, b: Message): number => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0);
