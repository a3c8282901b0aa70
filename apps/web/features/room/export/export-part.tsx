"use client";
import { Download, PackageOpen } from "lucide-react";
import { Button, ButtonLink } from "../../../ui/button.tsx";
import { countOf } from "../../../ui/count-of.ts";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { sizeOf } from "../../../ui/size.ts";
import { useExport } from "./use-export.ts";

/** The whole room as a file, for those who run it. */
export function ExportPart({ roomId }: { roomId: string }) {
	const { state, start } = useExport(roomId);
	return (
		<div className="space-y-3">
			<p className="text-sm text-text-muted">
				All messages as JSON lines, with their files, in one tar file. This server or another can make the same room of
				it.
			</p>
			{state.is === "running" && (
				<div className="space-y-2">
					<p role="status" className="text-sm">
						{COLLECTING[state.step]}
					</p>
					<ProgressBar label={COLLECTING[state.step]} done={state.done} />
				</div>
			)}
			{state.is === "ready" && (
				<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
					<ButtonLink href={state.href} prefetch={false} download variant="primary">
						<Download className="size-4" aria-hidden="true" />
						Download
					</ButtonLink>
					<p role="status" className="text-sm text-text-muted">
						{countOf(state.messages, "message")}, {countOf(state.files, "file")}, {sizeOf(state.bytes)}. Kept for an
						hour.
					</p>
				</div>
			)}
			{state.is === "failed" && (
				<p role="alert" className="text-danger-text text-sm">
					{state.words}
				</p>
			)}
			{state.is !== "ready" && (
				<Button onClick={start} isBusy={state.is === "running"}>
					{state.is !== "running" && <PackageOpen className="size-4" aria-hidden="true" />}
					{state.is === "failed" ? "Try again" : "Export room"}
				</Button>
			)}
		</div>
	);
}

const COLLECTING = { messages: "Collecting messages…", files: "Copying files…" } as const;
