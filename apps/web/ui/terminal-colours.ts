import type { ITheme } from "@xterm/xterm";

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The theme's colours as a terminal takes them, as they are where `element` is. */
export function terminalColours(element: HTMLElement): ITheme {
	const style = getComputedStyle(element);
	const token = (name: string): string => opaque(style.getPropertyValue(name));
	const colours: Record<string, string> = {};
	for (const name of NAMES) {
		colours[name] = token(`--ansi-${name}`);
		colours[`bright${name[0]?.toUpperCase()}${name.slice(1)}`] = token(`--ansi-bright-${name}`);
	}
	return {
		...colours,
		background: token("--chalk-sunken"),
		foreground: token("--ink"),
		cursor: token("--grass"),
		cursorAccent: token("--chalk-sunken"),
		selectionBackground: token("--grass-soft"),
	};
}

/** Any colour as eight hexadecimal digits, which is what the terminal reads everywhere. */
function opaque(colour: string): string {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [1, 1];
	const context = canvas.getContext("2d", { willReadFrequently: true });
	if (context === null) return "";
	context.fillStyle = colour;
	context.fillRect(0, 0, 1, 1);
	const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
	return `#${[red, green, blue, alpha].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
