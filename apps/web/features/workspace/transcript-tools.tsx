"use client";
import { Ellipsis, Search } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";
import type TranscriptMenu from "./transcript-menu.tsx";

const Menu = fetched(() => import("./transcript-menu.tsx"));

/** What can be done with a transcript. The menu is fetched when somebody reaches for it. */
export function TranscriptTools(props: ComponentProps<typeof TranscriptMenu>) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<IconButton
			label="Transcript"
			tip="bottom-end"
			size="md"
			aria-haspopup="menu"
			onPointerEnter={Menu.ahead}
			onFocus={Menu.ahead}
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
			{isWanted ? <Menu place={button} onFail={() => setWanted(false)} {...props} /> : button}
		</>
	);
}
