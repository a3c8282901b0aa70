"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cx } from "../../ui/cx.ts";
import { Link } from "../../ui/link.tsx";
import { useShell } from "../../ui/shell.tsx";

interface ItemProps {
	href: string;
	icon: ReactNode;
	name: string;
	isStrong?: boolean;
	/** Stands back: it says nothing for now. */
	isDimmed?: boolean;
	/** Numbers and words at the end of the line. */
	children?: ReactNode;
	/** What can be done with it; it takes the place of the numbers while somebody is near. */
	menu?: ReactNode;
}

export function SidebarItem({ href, icon, name, isStrong = false, isDimmed = false, children, menu }: ItemProps) {
	const isCurrent = usePathname() === href;
	const { closeSidebar } = useShell();
	return (
		<li className="group/item relative">
			<Link
				href={href}
				aria-current={isCurrent ? "page" : undefined}
				onClick={closeSidebar}
				className={cx(
					"flex h-8 items-center gap-2.5 rounded-md ps-2.5 pe-2 transition-colors pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:shrink-0",
					isCurrent ? "bg-selected text-text" : "text-text-muted hover:bg-hover hover:text-text",
					isStrong && "font-semibold text-text",
					isDimmed && !isCurrent && "text-text-faint",
				)}
			>
				<span className="flex w-4 shrink-0 justify-center text-text-faint" aria-hidden="true">
					{icon}
				</span>
				<span className="min-w-0 flex-1 truncate">{name}</span>
				<span
					className={cx(
						"flex shrink-0 items-center",
						menu !== undefined &&
							"pointer-fine:group-focus-within/item:opacity-0 pointer-fine:group-hover/item:opacity-0 pointer-coarse:pe-9",
					)}
				>
					{children}
				</span>
			</Link>
			{menu && (
				<div className="absolute inset-y-0 end-0.5 flex items-center pointer-fine:opacity-0 pointer-fine:group-focus-within/item:opacity-100 pointer-fine:group-hover/item:opacity-100 pointer-fine:has-data-[state=open]:opacity-100">
					{menu}
				</div>
			)}
		</li>
	);
}
