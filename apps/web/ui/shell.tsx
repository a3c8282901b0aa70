"use client";
import { Menu as MenuIcon } from "lucide-react";
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { IconButton } from "./button.tsx";
import { fetched } from "./fetched.tsx";
import { useMedia } from "./use-media.ts";

const Sheet = fetched(async () => ({ default: (await import("./sheet.tsx")).Sheet }));

interface ShellControl {
	openSidebar: () => void;
	closeSidebar: () => void;
	hasAttention: boolean;
}
const ShellContext = createContext<ShellControl>({
	openSidebar: () => undefined,
	closeSidebar: () => undefined,
	hasAttention: false,
});
export const useShell = (): ShellControl => use(ShellContext);

interface ShellProps {
	sidebar: ReactNode;
	/** Something in the hidden sidebar wants to be seen. */
	hasAttention: boolean;
	banner: ReactNode;
	children: ReactNode;
}

/** The frame of every screen: the sidebar beside a sheet of content, or behind a button where there is no room. */
export function Shell({ sidebar, hasAttention, banner, children }: ShellProps) {
	const [isOpen, setOpen] = useState(false);
	const isWide = useMedia("(min-width: 48rem)");
	const control = useMemo(
		() => ({ openSidebar: () => setOpen(true), closeSidebar: () => setOpen(false), hasAttention }),
		[hasAttention],
	);
	// The way to everything else has to open where the network is gone, too.
	useEffect(() => {
		if (!isWide) Sheet.ahead();
	}, [isWide]);
	return (
		<ShellContext value={control}>
			<a
				href="#content"
				className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-text-inverse focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
			>
				Skip to content
			</a>
			<div className="flex h-dvh flex-col bg-canvas pt-[env(safe-area-inset-top)] ps-[env(safe-area-inset-left)] pe-[env(safe-area-inset-right)]">
				{banner}
				<div className="flex min-h-0 flex-1">
					<nav aria-label="Rooms and workspaces" className="hidden w-66 shrink-0 flex-col md:flex">
						{sidebar}
					</nav>
					<main
						id="content"
						tabIndex={-1}
						className="flex min-w-0 flex-1 flex-col overflow-hidden bg-surface outline-none md:my-2 md:me-2 md:rounded-xl md:shadow-low"
					>
						{children}
					</main>
				</div>
			</div>
			{isOpen && !isWide && (
				<Sheet title="Rooms and workspaces" side="start" header="hidden" onClose={() => setOpen(false)}>
					{sidebar}
				</Sheet>
			)}
		</ShellContext>
	);
}

/** On a narrow screen, for pages without a header: the way to the sidebar. */
export function SidebarBar() {
	return (
		<div className="flex h-13 shrink-0 items-center px-4 md:hidden">
			<SidebarButton />
		</div>
	);
}

export function SidebarButton() {
	const { openSidebar, hasAttention } = useShell();
	return (
		<span className="relative -ms-2 md:hidden">
			<IconButton label="Open sidebar" tip="none" size="md" onClick={openSidebar}>
				<MenuIcon />
			</IconButton>
			{hasAttention && (
				<span
					className="absolute start-[calc(50%+0.25rem)] top-[calc(50%-0.75rem)] size-2 rounded-full bg-accent ring-2 ring-surface"
					aria-hidden="true"
				/>
			)}
		</span>
	);
}
