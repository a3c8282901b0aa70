"use client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cx } from "../../ui/cx.ts";

interface DisclosureProps {
	summary: ReactNode;
	/** Said after the line, at its end. */
	aside?: ReactNode;
	isOpenAtFirst: boolean;
	wasOpen: boolean | undefined;
	onToggle: (isOpen: boolean) => void;
	children: ReactNode;
}

/** A line that opens. It remembers what somebody chose, and follows `isOpenAtFirst` until they do. */
export function Disclosure({ summary, aside, isOpenAtFirst, wasOpen, onToggle, children }: DisclosureProps) {
	const [chosen, setChosen] = useState(wasOpen);
	const isOpen = chosen ?? isOpenAtFirst;
	const id = useId();
	const toggle = () => {
		setChosen(!isOpen);
		onToggle(!isOpen);
	};
	return (
		<div>
			<button
				type="button"
				aria-expanded={isOpen}
				aria-controls={id}
				onClick={toggle}
				className="-mx-2 flex min-h-8 w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 py-1 text-start text-sm text-text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:min-h-10"
			>
				<span className="flex min-w-0 flex-1 items-center gap-2">{summary}</span>
				{aside}
				<ChevronRight
					className={cx("size-3.5 shrink-0 text-text-faint transition-transform duration-150", isOpen && "rotate-90")}
					aria-hidden="true"
				/>
			</button>
			<div id={id} hidden={!isOpen}>
				{isOpen && children}
			</div>
		</div>
	);
}
