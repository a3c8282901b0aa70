import type { Terminal } from "@xterm/xterm";

/** Operating system commands (xterm's ctlseqs) that reach beyond the screen: titles, colours, links, the clipboard. */
const COMMANDS = [0, 1, 2, 4, 5, 7, 8, 10, 11, 12, 52, 104, 110, 111, 112, 133, 633, 1337];

/** Questions and window controls, by their final byte. What is asked is answered elsewhere, once for everybody. */
const CONTROLS = [
	{ final: "c" },
	{ prefix: ">", final: "c" },
	{ prefix: "=", final: "c" },
	{ final: "n" },
	{ prefix: "?", final: "n" },
	{ intermediates: "$", final: "p" },
	{ prefix: "?", intermediates: "$", final: "p" },
	{ prefix: ">", final: "q" },
	{ final: "t" },
];
const FOCUS_REPORTS = 1004;

/** Takes from what is printed every way to do more than be seen. */
export function makeInert({ parser }: Terminal): void {
	for (const command of COMMANDS) parser.registerOscHandler(command, () => true);
	for (const control of CONTROLS) parser.registerCsiHandler(control, () => true);
	parser.registerCsiHandler(
		{ prefix: "?", final: "h" },
		(params) => params.length === 1 && params[0] === FOCUS_REPORTS,
	);
	parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true);
	parser.registerDcsHandler({ intermediates: "+", final: "q" }, () => true);
}
