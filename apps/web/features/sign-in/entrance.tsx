import type { ReactNode } from "react";
import { Mark } from "../../ui/logo.tsx";

/** The page in front of everything: signing in, joining, choosing a new password. */
export function Entrance({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
	return (
		<main className="flex min-h-dvh flex-col items-center justify-center px-5 py-12">
			<div className="w-full max-w-84 animate-rise">
				<Mark className="mb-6 size-11" />
				<h1 className="font-semibold text-2xl tracking-[-0.025em]">{title}</h1>
				<p className="mt-1.5 mb-7 text-balance text-text-muted">{note}</p>
				{children}
			</div>
		</main>
	);
}
