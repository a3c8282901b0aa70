"use client";
import { Ellipsis, Search } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import type TranscriptMenu from "./transcript-menu.tsx";

const load = () => import("./transcript-menu.tsx");
const Menu = lazy(load);

/** What can be done with a transcript. The menu is fetched when somebody reaches for it. */
export function TranscriptTools(props: ComponentProps<typeof TranscriptMenu>) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<IconButton
			label="Transcript"
			tip="bottom-end"
			size="md"
			aria-haspopup="menu"
			onPointerEnter={load}
			onFocus={load}
			onClick={() => setWanted(true)}
		>
			<Ellipsis />
		</IconButton>
	);
	return (
		<>
			<span className="hidden @min-[38rem]/head:block">
				<IconButton label="Search this transcript" tip="bottom-end" size="md" onClick={props.onSearch}>
					<Search />
				</IconButton>
			</span>
			{isWanted ? (
				<Suspense fallback={button}>
					<Menu {...props} />
				</Suspense>
			) : (
				button
			)}
		</>
	);
}
