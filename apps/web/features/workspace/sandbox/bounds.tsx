import type { SandboxLimits } from "@bullpen/domain/sandbox";
import { sizeOf } from "../../../ui/size.ts";
import { durationOf } from "../../../ui/time.ts";
import { Section } from "./section.tsx";

type By = "kernel" | "watch" | "share";

const WORDS = {
	kernel: "kernel",
	watch: "watched",
	share: "shared",
} as const satisfies Record<By, string>;

/** What there is of each, and who sees to it. */
export function Bounds({ limits }: { limits: SandboxLimits }) {
	const { memory, processes, processor, disk, file, openFiles, temporary, turn } = limits;
	const rows: readonly [name: string, amount: string, by: By][] = [
		["Memory", sizeOf(memory.bytes), memory.by],
		["Processor", processor.by === "kernel" ? coresOf(processor.cores) : "what others leave", processor.by],
		["Processes", countOf(processes.count), processes.by],
		["Open files, each program", countOf(openFiles.count), openFiles.by],
		["Disk", sizeOf(disk.bytes), disk.by],
		["One file", sizeOf(file.bytes), file.by],
		["Temporary files", sizeOf(temporary.bytes), temporary.by],
		["One turn", durationOf(turn.ms), turn.by],
	];
	const used = new Set(rows.map(([, , by]) => by));
	return (
		<Section title="Limits">
			<dl className="-mx-1">
				{rows.map(([name, amount, by]) => (
					<div key={name} className="flex items-baseline gap-2 rounded-sm px-1 py-1 text-sm even:bg-sunken">
						<dt className="min-w-0 flex-1 text-text-muted">{name}</dt>
						<dd className="tabular-nums">{amount}</dd>
						<dd className="w-14 shrink-0 text-end text-text-faint text-xs">{WORDS[by]}</dd>
					</div>
				))}
			</dl>
			<p className="mt-2 space-y-0.5 text-text-faint text-xs">
				{used.has("kernel") && <span className="block">Kernel: it cannot be exceeded.</span>}
				{used.has("watch") && (
					<span className="block">
						Watched: whatever exceeds it is ended within moments, with a sentence that says so.
					</span>
				)}
				{used.has("share") && (
					<span className="block">Shared: it takes what is free, and gives way to the server and its people.</span>
				)}
			</p>
		</Section>
	);
}

const countOf = (count: number): string => count.toLocaleString();
const coresOf = (cores: number): string => `${cores.toLocaleString()} ${cores === 1 ? "core" : "cores"}`;
