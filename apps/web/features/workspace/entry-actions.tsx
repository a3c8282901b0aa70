"use client";
import { Copy, Link2 } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { notify } from "../../ui/toast.tsx";

export function EntryActions({ text, link }: { text: string; link: string }) {
	return (
		<div
			role="toolbar"
			aria-label="Entry actions"
			className="absolute end-3 -top-5 z-10 flex rounded-md bg-raised p-0.5 shadow-mid animate-appear"
		>
			{text !== "" && (
				<IconButton label="Copy" tip="none" onClick={() => copy(text, "Copied")}>
					<Copy />
				</IconButton>
			)}
			<IconButton label="Copy link" tip="none" onClick={() => copy(link, "Link copied")}>
				<Link2 />
			</IconButton>
		</div>
	);
}

async function copy(text: string, done: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text); // is not there at all on a page without https
		notify(done);
	} catch {
		notify("The browser did not allow copying.", "error");
	}
}
