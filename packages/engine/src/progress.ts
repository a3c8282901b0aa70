import { join } from "node:path";
import type { OnLine } from "./child.ts";
import { openLogFile } from "./log-file.ts";
import type { PartEvent } from "./part.ts";
import type { PartName } from "./run-file.ts";

/** Everything goes to `<data>/logs`; what a part complains about is shown, too. */
export function keepLines(name: PartName, dataFolder: string, report: (line: string) => void): OnLine {
	const keep = openLogFile(join(dataFolder, "logs", `${name}.log`));
	return (line, stream) => {
		keep(line);
		if (stream === "stderr" && name !== "engine" && line.trim()) report(`${name.padEnd(12)}${line}`);
	};
}

/** One line for each turn of a part's life that a person wants to know of. */
export function tell({ part, state, tookMs, problem }: PartEvent, report: (line: string) => void): void {
	if (state === "ready" && tookMs !== undefined) {
		report(`${part.padEnd(12)}ready in ${(tookMs / 1_000).toFixed(1)} s`);
	}
	if (state === "down" && problem) report(`${part.padEnd(12)}${sentence(problem)}`);
}

function sentence({ reason, inARow, nextMs }: NonNullable<PartEvent["problem"]>): string {
	const [how = ""] = reason.split("; its last output");
	if (inARow < 5) return `${how}; starting it again`;
	return `${how}, ${inARow} times in a row; trying again in ${Math.ceil(nextMs / 1_000)} s. ${reason}`;
}
