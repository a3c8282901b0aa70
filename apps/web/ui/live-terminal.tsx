"use client";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { useTheme } from "next-themes";
import { useEffect, useEffectEvent, useRef } from "react";
import { makeInert } from "./inert-terminal.ts";
import { noncedDocument, withNoncedStyles } from "./page-nonce.ts";
import { terminalColours } from "./terminal-colours.ts";

interface Size {
	readonly cols: number;
	readonly rows: number;
}

/** What a page draws into it. */
export interface TerminalScreen {
	/** What was drawn before is void. */
	reset(screen: string, size: Size): void;
	resize(size: Size): void;
	write(text: string): void;
}

interface LiveTerminalProps {
	label: string;
	canType: boolean;
	/** Who looks at it has just opened it. */
	takesFocus: boolean;
	/** Lines are read aloud as they come. It costs speed. */
	isSpoken: boolean;
	/** Gets the screen once it is there; the answer lets go of it. */
	onScreen: (screen: TerminalScreen) => () => void;
	onType: (text: string) => void;
	/** How much of it would fit, as it changes. */
	onFit: (size: Size) => void;
	/** Shift+Escape: the way out by keyboard, since Tab is the program's. */
	onLeave: () => void;
}

/** A terminal that others may share: it has their size, whatever fits here. Loaded with its library when it is first drawn. */
export default function LiveTerminal({ label, canType, takesFocus, isSpoken, ...on }: LiveTerminalProps) {
	const host = useRef<HTMLDivElement>(null);
	const made = useRef<Terminal>(null);
	const { resolvedTheme } = useTheme();
	const onScreen = useEffectEvent(on.onScreen);
	const onType = useEffectEvent(on.onType);
	const onFit = useEffectEvent(on.onFit);
	const onLeave = useEffectEvent(on.onLeave);

	useEffect(() => {
		const element = host.current;
		if (element === null) return;
		const terminal = new Terminal({
			allowProposedApi: true,
			documentOverride: noncedDocument(),
			fontFamily: getComputedStyle(element).fontFamily,
			fontSize: 12.5,
			lineHeight: 1.25,
			scrollback: 1_000,
			theme: terminalColours(element),
			minimumContrastRatio: 4.5,
			linkHandler: { activate: () => undefined },
		});
		made.current = terminal;
		makeInert(terminal);
		const fit = new FitAddon();
		terminal.loadAddon(fit);
		// The scrollbar of 6.0.0 makes its styles in the page itself: Viewport.ts takes `mainDocument`.
		withNoncedStyles(() => terminal.open(element));
		terminal.onData(onType);
		terminal.attachCustomKeyEventHandler((event) => {
			if (event.type !== "keydown") return true;
			if (event.key === "Escape" && event.shiftKey) {
				event.preventDefault();
				onLeave();
				return false;
			}
			// With something selected it is copied, as everywhere else on the page.
			return !((event.ctrlKey || event.metaKey) && event.key === "c" && terminal.hasSelection());
		});
		const measure = () => {
			const size = fit.proposeDimensions();
			if (size && size.cols > 0 && size.rows > 0) onFit(size);
		};
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		const letGo = onScreen({
			reset: (screen, { cols, rows }) => {
				terminal.reset();
				terminal.resize(cols, rows);
				terminal.write(screen);
			},
			resize: ({ cols, rows }) => terminal.resize(cols, rows),
			write: (text) => terminal.write(text),
		});
		return () => {
			letGo();
			observer.disconnect();
			made.current = null;
			terminal.dispose();
		};
	}, []);

	useEffect(() => {
		const terminal = made.current;
		if (terminal === null || host.current === null) return;
		terminal.options.disableStdin = !canType;
		terminal.options.cursorBlink = canType;
		terminal.options.screenReaderMode = isSpoken;
		terminal.textarea?.setAttribute("aria-label", label);
		if (terminal.textarea) terminal.textarea.readOnly = !canType;
	}, [canType, isSpoken, label]);

	const hasTaken = useRef(false);
	useEffect(() => {
		if (canType && takesFocus && !hasTaken.current) made.current?.focus();
		hasTaken.current = takesFocus && (hasTaken.current || canType);
	}, [canType, takesFocus]);

	useEffect(() => {
		if (resolvedTheme === undefined || made.current === null || host.current === null) return;
		made.current.options.theme = terminalColours(host.current);
	}, [resolvedTheme]);

	return (
		<div className="min-h-0 flex-1 overflow-auto bg-sunken p-2.5">
			<div ref={host} className="h-full font-mono" data-testid="terminal" />
		</div>
	);
}
