"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { useFocusBack } from "./use-focus-back.ts";

interface SheetProps {
	title: string;
	side: "start" | "end";
	onClose: () => void;
	children: ReactNode;
	/** `own`: its content shows the title, and the button that closes it. */
	header?: "plain" | "hidden" | "own";
	/** `wide` where there is something to read, `full` where there is something to work on. */
	width?: keyof typeof WIDTHS;
}

const WIDTHS = { narrow: "w-[min(20rem,86vw)]", wide: "w-[min(27rem,94vw)]", full: "w-[min(48rem,100vw)]" } as const;

/** A side panel over the page. Open for as long as it is mounted. */
export function Sheet({ title, side, onClose, children, header = "plain", width = "narrow" }: SheetProps) {
	const giveBack = useFocusBack();
	return (
		<Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Radix.Portal>
				<div className="fixed inset-0 z-40 bg-veil animate-appear" />
				<Radix.Content
					onCloseAutoFocus={giveBack}
					aria-describedby={undefined}
					className={cx(
						"fixed inset-y-0 z-50 flex flex-col pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] shadow-high outline-none",
						WIDTHS[width],
						side === "start" ? "start-0 bg-canvas animate-slide-start" : "end-0 bg-surface animate-slide-end",
					)}
				>
					{header === "own" ? (
						<Radix.Title className="sr-only">{title}</Radix.Title>
					) : (
						<div
							className={
								header === "plain" ? "flex h-13 shrink-0 items-center gap-2 border-line border-b px-4" : "sr-only"
							}
						>
							<Radix.Title className="flex-1 font-semibold text-md tracking-[-0.01em]">{title}</Radix.Title>
							<Radix.Close asChild>
								<IconButton label="Close" tip="none">
									<X />
								</IconButton>
							</Radix.Close>
						</div>
					)}
					{children}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}
