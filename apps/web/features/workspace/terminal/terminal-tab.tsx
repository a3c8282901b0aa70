"use client";
import { fittingSize, type TerminalSize } from "@bullpen/domain/terminal";
import { Ear, SquareTerminal, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { complain } from "../../../live/refusals.ts";
import { wordsFor } from "../../../live/words.ts";
import { Blank } from "../../../ui/blank.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { TypingLine } from "../../../ui/typing-line.tsx";
import { useMedia } from "../../../ui/use-media.ts";
import type { SideTabProps } from "../side/side-tab.ts";
import { useWorkspaceStore } from "../workspace-stores.ts";
import { TerminalKeys } from "./terminal-keys.tsx";

const LiveTerminal = fetched(() => import("../../../ui/live-terminal.tsx"));
const FIRST_SIZE: TerminalSize = { cols: 80, rows: 24 };

/** The terminal that everybody in the workspace shares. */
export default function TerminalTab({ workspace, me, personOf }: SideTabProps) {
	const { session, canPrompt } = workspace;
	const { terminal: store } = useWorkspaceStore(session.workspaceId);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const [isSpoken, setSpoken] = useState(false);
	const [isOpener, setOpener] = useState(false);
	const fits = useRef(FIRST_SIZE);
	// The size is that of whoever typed last, and before that of whoever opened it.
	const isLast = useRef(false);
	useEffect(() => {
		if (shown.typingUserIds.length > 0) isLast.current = false;
	}, [shown.typingUserIds]);
	const leave = useRef<HTMLButtonElement>(null);
	const isTouched = useMedia("(pointer: coarse)");
	const { terminal, isOpening, isConnected, problem } = shown;

	if (session.sandboxKind === "virtual" && session.sandboxNote !== undefined) {
		return (
			<Blank icon={<SquareTerminal />} title="There is no terminal here" isPage={false}>
				{session.sandboxNote}
			</Blank>
		);
	}
	const nameOf = (userId: string) => (userId === me ? "you" : personOf(userId).name);
	const isOpen = terminal?.type === "open";
	return (
		<>
			{isOpen && (
				<div className="flex h-10 shrink-0 items-center gap-2 border-line border-b ps-4 pe-2 text-text-faint text-xs">
					<span className="min-w-0 flex-1 truncate">
						{shown.typingUserIds.length > 0 ? (
							<TypingLine names={shown.typingUserIds.map((userId) => personOf(userId).name)} />
						) : (
							`Opened by ${nameOf(terminal.openedBy)}`
						)}
					</span>
					<span className="tabular-nums" title="Columns and rows, the same for everybody">
						{terminal.size.cols}×{terminal.size.rows}
					</span>
					<IconButton
						ref={leave}
						label="Read lines aloud"
						tip="bottom-end"
						aria-pressed={isSpoken}
						onClick={() => setSpoken(!isSpoken)}
					>
						<Ear />
					</IconButton>
					{canPrompt && (
						<IconButton label="Close the terminal" tip="bottom-end" onClick={() => void store.close().catch(complain)}>
							<X />
						</IconButton>
					)}
				</div>
			)}
			{/* It watches before it is there: whoever opens it, it is drawn. */}
			<div className={isOpen ? "flex min-h-0 flex-1 flex-col" : "sr-only"} inert={!isOpen}>
				<LiveTerminal
					place={<Spinner className="m-4 size-4 text-text-faint" />}
					label={canPrompt ? "Terminal. Shift+Escape leaves it." : "Terminal, watching"}
					canType={canPrompt && isOpen && isConnected}
					takesFocus={isOpener && isOpen && terminal.openedBy === me}
					isSpoken={isSpoken}
					onScreen={(screen) => store.watch(screen)}
					onType={(text) => {
						isLast.current = true;
						store.resize(fits.current);
						store.type(text);
					}}
					onFit={(size) => {
						if (!isOpen) return;
						fits.current = fittingSize(size);
						if (isLast.current) store.resize(fits.current);
					}}
					onLeave={() => leave.current?.focus()}
				/>
				{isOpen && canPrompt && isTouched && <TerminalKeys onType={(text) => store.type(text)} />}
				{isOpen && (
					<p className="shrink-0 border-line border-t px-4 py-1.5 text-text-faint text-xs">
						{canPrompt ? "Everybody here sees this." : "You are watching this terminal."}
						{canPrompt && !isTouched && " Shift+Esc leaves the terminal, Tab goes to the program."}
					</p>
				)}
			</div>
			{!isOpen && terminal === null && problem === null && <Spinner className="m-4 size-4 text-text-faint" />}
			{!isOpen && (terminal !== null || problem !== null) && (
				<Blank
					icon={<SquareTerminal />}
					isPage={false}
					title={terminal?.type === "ended" ? "The terminal has ended" : "A terminal for everybody here"}
					tone={problem === null ? "plain" : "danger"}
					actions={
						canPrompt && (
							<Button
								variant="primary"
								isBusy={isOpening}
								disabled={!isConnected}
								onClick={() => {
									isLast.current = true;
									setOpener(true);
									void store.open(fits.current);
								}}
							>
								{terminal?.type === "ended" ? "Open it again" : "Open the terminal"}
							</Button>
						)
					}
				>
					{problem !== null
						? wordsFor(problem)
						: terminal?.type === "ended"
							? endWords(terminal, nameOf)
							: canPrompt
								? "A shell in this workspace's sandbox. Everybody in the workspace sees it."
								: "Whoever may prompt can open one; you will see it here."}
				</Blank>
			)}
		</>
	);
}

function endWords(
	{ reason, closedBy, exitCode }: { reason: string; closedBy?: string | undefined; exitCode?: number | undefined },
	nameOf: (userId: string) => string,
): string {
	if (closedBy !== undefined) return `Closed by ${nameOf(closedBy)}.`;
	return exitCode === undefined || exitCode === 0 ? reason : `${reason} It said ${exitCode}.`;
}
