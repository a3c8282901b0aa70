import type { SoakRecord } from "./record.ts";

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 110;
const TOP = 44;
const BOTTOM = 36;
/** Dark enough on white, light enough on black. */
const INK = "#808890";
const COLOURS = ["#c2710c", "#2f81f7", "#2da44e", "#a371f7"];

/** Resident memory over time, as an SVG that is legible on light and dark pages alike. */
export function graphOf({ samples, load, problems, minutes }: SoakRecord): string {
	const names = Object.keys(samples[0]?.residentMb ?? {});
	const minutesMax = Math.max(1 / 60, ...samples.map((each) => each.atSeconds / 60));
	const mbMax = roundUp(Math.max(1, ...samples.flatMap((each) => Object.values(each.residentMb))));
	const x = (atMinutes: number): number => LEFT + (atMinutes / minutesMax) * (WIDTH - LEFT - RIGHT);
	const y = (mb: number): number => HEIGHT - BOTTOM - (mb / mbMax) * (HEIGHT - TOP - BOTTOM);
	const lines = names.map((name, i) => {
		const points = samples.map(({ atSeconds, residentMb }): [number, number] => [
			x(atSeconds / 60),
			y(residentMb[name] ?? 0),
		]);
		const last = points.at(-1) ?? [0, 0];
		const colour = COLOURS[i % COLOURS.length] ?? INK;
		const mb = samples.at(-1)?.residentMb[name] ?? 0;
		return [
			`<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.map(pair).join(" ")}"/>`,
			text(last[0] + 6, last[1] + 4, `${name} ${mb} MB`, `fill="${colour}"`),
		].join("\n");
	});
	const steps = [0, 1, 2, 3, 4].map((step) => (mbMax / 4) * step);
	const grid = steps.map((mb) =>
		[
			`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(mb)}" y2="${y(mb)}" stroke="${INK}" stroke-opacity="0.3"/>`,
			text(LEFT - 6, y(mb) + 4, String(mb), 'text-anchor="end"'),
		].join("\n"),
	);
	const outcome = problems.length === 0 ? "nothing lost, same hash" : problems.join("; ");
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="${INK}">
<title>Memory of each process in ${minutes} minutes of ${load.perSecond} messages/s to ${load.listeners} listeners</title>
${text(LEFT, 16, `Resident memory, MB: ${load.perSecond} messages/s to ${load.listeners} listeners who come, go and fall behind`)}
${text(LEFT, 32, `${samples.at(-1)?.acknowledged ?? 0} messages, ${samples.at(-1)?.left ?? 0} people left: ${outcome}`)}
${grid.join("\n")}
${text(LEFT, HEIGHT - 12, "0")}
${text(x(minutesMax), HEIGHT - 12, `${Math.round(minutesMax)} min`, 'text-anchor="end"')}
${lines.join("\n")}
</svg>
`;
}

const pair = ([x, y]: readonly [number, number]): string => `${x.toFixed(1)},${y.toFixed(1)}`;
const text = (x: number, y: number, words: string, more = ""): string =>
	`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more && ` ${more}`}>${escaped(words)}</text>`;
const escaped = (words: string): string => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** To a number that splits into four round parts. */
function roundUp(value: number): number {
	const step = 10 ** Math.floor(Math.log10(value));
	return [1, 2, 4, 6, 8, 10].map((times) => times * step).find((each) => each >= value) ?? value;
}
