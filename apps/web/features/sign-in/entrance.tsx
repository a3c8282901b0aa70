import type { ReactNode } from "react";
import { Mark } from "../../ui/logo.tsx";

/** The page in front of everything: signing in, joining, choosing a new password. */
export function Entrance({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
	return (
		<main className="relative flex min-h-dvh flex-col items-center justify-center overflow-hidden px-5 py-12">
			<Diamond />
			<div className="relative w-full max-w-84 animate-rise">
				<Mark className="mb-6 size-11" />
				<h1 className="font-semibold text-2xl tracking-[-0.025em]">{title}</h1>
				<p className="mt-1.5 mb-7 text-pretty text-text-muted">{note}</p>
				{children}
			</div>
		</main>
	);
}

/** The chalk lines of a field, seen from home plate, fading where there is something to read. */
function Diamond() {
	return (
		<svg
			viewBox="0 0 1200 900"
			preserveAspectRatio="xMidYMax slice"
			className="pointer-events-none absolute inset-0 size-full text-line-strong [mask-image:radial-gradient(26rem_22rem_at_50%_50%,transparent_55%,black)]"
			fill="none"
			stroke="currentColor"
			strokeWidth="1.5"
			aria-hidden="true"
		>
			<path d="M600 860 -260 0M600 860 1460 0" />
			<path d="m360 620 240-240 240 240" />
			<path d="M-20 240a877 877 0 0 1 1240 0" />
			<path d="M283 543a448 448 0 0 1 634 0" />
			<circle cx="600" cy="620" r="34" />
		</svg>
	);
}
