"use client";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { Announcer } from "./announcer.tsx";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { PictureStage, type StagePicture } from "./picture-stage.tsx";

export interface ViewedPicture extends StagePicture {
	/** Under its name. */
	readonly detail: string;
}

interface PictureViewerProps {
	pictures: readonly ViewedPicture[];
	/** Of these, the one that is shown. */
	at: number;
	/** What can be done with it. */
	actions: ReactNode;
	onShow: (at: number) => void;
	onClose: () => void;
}

/** Pictures one after the other, as large as the screen allows: by arrow keys, buttons or a swipe. Dark, whatever the theme. */
export function PictureViewer({ pictures, at, actions, onShow, onClose }: PictureViewerProps) {
	const content = useRef<HTMLDivElement>(null);
	const opener = useRef<Element | null>(null);
	const picture = pictures[at];
	if (picture === undefined) return null;
	const show = (next: number) => {
		if (next >= 0 && next < pictures.length) onShow(next);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: pictures.length - 1 }[event.key];
		if (next === undefined || event.defaultPrevented) return;
		event.preventDefault();
		show(next);
	};
	const place = pictures.length > 1 ? `${at + 1} of ${pictures.length}` : "";
	return (
		<Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Radix.Portal>
				<Radix.Content
					ref={content}
					aria-describedby={undefined}
					tabIndex={-1}
					onOpenAutoFocus={(event) => {
						event.preventDefault();
						opener.current = document.activeElement;
						content.current?.focus();
					}}
					onCloseAutoFocus={(event) => {
						event.preventDefault();
						if (opener.current instanceof HTMLElement) opener.current.focus();
					}}
					onKeyDown={onKeyDown}
					className="dark fixed inset-0 z-50 flex flex-col bg-canvas pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] text-text outline-none animate-appear"
				>
					<div className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2 md:ps-5 md:pe-3">
						<div className="min-w-0 flex-1">
							<Radix.Title className="truncate font-semibold text-sm">{picture.label}</Radix.Title>
							<p className="truncate text-text-muted text-xs">{picture.detail}</p>
						</div>
						{place && <span className="shrink-0 px-2 text-sm text-text-muted tabular-nums">{place}</span>}
						{actions}
						<Radix.Close asChild>
							<IconButton label="Close" tip="none" size="md">
								<X />
							</IconButton>
						</Radix.Close>
					</div>
					<PictureStage key={picture.whole} picture={picture} onSwipe={(steps) => show(at + steps)} onLeave={onClose} />
					{at > 0 && <Step label="Previous picture" side="start" onStep={() => show(at - 1)} />}
					{at < pictures.length - 1 && <Step label="Next picture" side="end" onStep={() => show(at + 1)} />}
					<Announcer id={at} text={place && `${picture.label}, ${place}`} />
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

function Step({ label, side, onStep }: { label: string; side: "start" | "end"; onStep: () => void }) {
	return (
		<div
			className={cx(
				"absolute bottom-[max(1rem,env(safe-area-inset-bottom))] rounded-full bg-raised/80 shadow-mid md:top-1/2 md:bottom-auto",
				side === "start" ? "start-4" : "end-4",
			)}
		>
			<IconButton label={label} tip="none" size="md" className="rounded-full" onClick={onStep}>
				{side === "start" ? <ChevronLeft /> : <ChevronRight />}
			</IconButton>
		</div>
	);
}
