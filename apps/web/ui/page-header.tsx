import type { ReactNode } from "react";
import { SidebarButton } from "./shell.tsx";
import { Skeleton } from "./skeleton.tsx";

interface PageHeaderProps {
	icon: ReactNode;
	/** Null while it is not known yet. */
	title: string | null;
	/** Beside the title, where there is room. */
	beside?: ReactNode;
	/** Under the title, where there is not. */
	below?: ReactNode;
	subtitle?: ReactNode;
	children?: ReactNode;
}

export function PageHeader({ icon, title, beside, below, subtitle, children }: PageHeaderProps) {
	return (
		<header className="flex h-13 shrink-0 items-center gap-2 border-line border-b px-4 md:px-5">
			<SidebarButton />
			<span className="hidden shrink-0 text-text-faint sm:block [&_svg]:size-4.5" aria-hidden="true">
				{icon}
			</span>
			<div className="min-w-0">
				{title === null ? (
					<>
						<h1 className="sr-only">Loading</h1>
						<Skeleton className="h-3 w-28" />
					</>
				) : (
					<h1 className="truncate font-semibold text-md leading-5 tracking-[-0.01em]">{title}</h1>
				)}
				{below && <div className="truncate text-text-faint text-xs leading-4 sm:hidden">{below}</div>}
			</div>
			<div className="hidden shrink-0 items-center gap-2 sm:flex">{beside}</div>
			{/* Rather nothing of it than two letters. */}
			<div className="@container hidden min-w-0 flex-1 ps-1 text-sm text-text-faint lg:block">
				<div className="hidden truncate @min-[9rem]:block">{subtitle}</div>
			</div>
			<div className="ms-auto flex shrink-0 items-center gap-0.5 sm:gap-1.5">{children}</div>
		</header>
	);
}
