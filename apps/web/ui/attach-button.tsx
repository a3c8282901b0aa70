"use client";
import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "./button.tsx";

/** Opens the system's own choice of files. `label` names what they will be files of. */
export function AttachButton({ label, onFiles }: { label: string; onFiles: (files: readonly File[]) => void }) {
	const input = useRef<HTMLInputElement>(null);
	return (
		<>
			<input
				ref={input}
				type="file"
				multiple
				hidden
				aria-label={label}
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
