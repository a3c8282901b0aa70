import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Blank } from "./blank.tsx";
import { Button, ButtonLink } from "./button.tsx";
import { cx } from "./cx.ts";
import { PageHeader } from "./page-header.tsx";
import { SidebarBar } from "./shell.tsx";
import { SkeletonRows } from "./skeleton.tsx";

interface LoadingScreenProps {
	icon: ReactNode;
	label: string;
	/** The lines will stand in a column in the middle. */
	isColumn?: boolean;
}

/** A screen whose newest lines are on their way. */
export function LoadingScreen({ icon, label, isColumn = false }: LoadingScreenProps) {
	return (
		<>
			<PageHeader icon={icon} title={null} />
			<div className={cx("flex flex-1 flex-col justify-end pb-24", isColumn && "mx-auto w-full max-w-200")}>
				<SkeletonRows label={label} />
			</div>
		</>
	);
}

interface DeadEndProps {
	icon: ReactNode;
	title: string;
	/** Where to go from here. */
	href: string;
	way: string;
	children: ReactNode;
}

/** Where one cannot stay: it is not there, or not open. */
export function DeadEnd({ icon, title, href, way, children }: DeadEndProps) {
	return (
		<>
			<SidebarBar />
			<Blank
				icon={icon}
				title={title}
				actions={
					<ButtonLink variant="primary" href={href}>
						{way}
					</ButtonLink>
				}
			>
				{children}
			</Blank>
		</>
	);
}

/** What could not be opened, and may be the next time. */
export function FailedScreen({ title, reason, onRetry }: { title: string; reason: string; onRetry: () => void }) {
	return (
		<>
			<SidebarBar />
			<Blank
				icon={<TriangleAlert />}
				tone="danger"
				title={title}
				actions={
					<Button variant="primary" onClick={onRetry}>
						Try again
					</Button>
				}
			>
				{reason}
			</Blank>
		</>
	);
}
