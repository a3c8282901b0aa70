"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { useFocusBack } from "./use-focus-back.ts";

interface DialogProps {
	title: string;
	description?: ReactNode;
	children?: ReactNode;
	footer?: ReactNode;
	onClose: () => void;
	role?: "dialog" | "alertdialog";
	className?: string;
	/** Leaves the title to screen readers: the content opens with its own heading or field. */
	hasHiddenTitle?: boolean;
	/** A button that closes it: unless a question or the content itself has the way out. */
	hasClose?: boolean;
}

/**
 * A modal that is open for as long as it is mounted. The veil is ours: Radix's locks scrolling with a style element, which
 * the page's policy refuses, and the page does not scroll.
 */
export function Dialog({
	title,
	description,
	children,
	footer,
	onClose,
	role = "dialog",
	className,
	hasHiddenTitle = false,
	hasClose = !hasHiddenTitle && role === "dialog",
}: DialogProps) {
	const giveBack = useFocusBack();
	return (
		<Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Radix.Portal>
				<div className="fixed inset-0 z-40 bg-veil animate-appear" />
				<Radix.Content
					onCloseAutoFocus={giveBack}
					role={role}
					{...(description === undefined && { "aria-describedby": undefined })}
					className={cx(
						"fixed inset-x-3 top-[max(4rem,14dvh)] z-50 mx-auto flex max-h-[min(80dvh,44rem)] max-w-104 flex-col overflow-hidden rounded-xl bg-raised shadow-high outline-none animate-rise",
						className,
					)}
				>
					<div className={hasHiddenTitle ? "sr-only" : "px-5 pt-4.5 pb-1"}>
						<div className="pe-8">
							<Radix.Title className="font-semibold text-lg tracking-[-0.01em]">{title}</Radix.Title>
							{description !== undefined && (
								<Radix.Description className="mt-1 text-pretty text-text-muted">{description}</Radix.Description>
							)}
						</div>
					</div>
					{children}
					{footer && <div className="flex justify-end gap-2 px-5 pt-3 pb-5">{footer}</div>}
					{hasClose && (
						<div className="absolute end-3.5 top-3.5">
							<Radix.Close asChild>
								<IconButton label="Close" tip="none">
									<X />
								</IconButton>
							</Radix.Close>
						</div>
					)}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}
