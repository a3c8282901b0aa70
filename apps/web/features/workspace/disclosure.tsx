"use client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cx } from "../../ui/cx.ts";
import { useFold } from "./folds.tsx";

interface DisclosureProps {
	/** Names it among everything that folds. */
	foldKey: string;
	summary: ReactNode;
	/** Said after the line, at its end. */
	aside?: ReactNode;
	isOpenAtFirst: boolean;
	children: ReactNode;
}

/** A line that opens. It follows `isOpenAtFirst` until somebody chooses. */
export function Disclosure({ foldKey, summary, aside, isOpenAtFirst, children }: DisclosureProps) {
	const [isOpen, toggle] = useFold(foldKey, isOpenAtFirst);
	const id = useId();
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
