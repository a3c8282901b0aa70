"use client";
import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "../../../ui/button.tsx";

/** Opens the system's own choice of files. */
export function AttachButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
	const input = useRef<HTMLInputElement>(null);
	return (
		<>
			<input
				ref={input}
				type="file"
				multiple
				hidden
				aria-label="Files of this prompt"
				onChange={(event) => {
					onFiles([...(event.target.files ?? [])]);
					event.target.value = ""; // the same file can be chosen again
				}}
			/>
			<IconButton label="Attach files" tip="top-end" size="md" onClick={() => input.current?.click()}>
				<Paperclip />
			</IconButton>
		</>
	);
}
