import { readFileSync } from "node:fs";
import { beganAt } from "./run-file.ts";

/** Programs between the command a person typed and us, and the shell in which package managers run scripts. */
const STARTERS = /^(node|pnpm|npm|npx|turbo|corepack|MainThread)/;
const SHELLS = /^(sh|dash|ash)$/;

/**
 * The processes that started us on behalf of one command, `npx pnpm dev` for example, as a test whether all of them
 * still run. If one was killed, nobody is left to tell us to stop. Where there is no /proc, only our parent is known.
 */
export function watchStarters(): () => boolean {
	const parent = process.ppid;
	const known = starters(parent).map((pid) => ({ pid, began: beganAt(pid) }));
	return () => process.ppid === parent && known.every(({ pid, began }) => beganAt(pid) === began);
}

/** From our parent outwards to the last package manager; the shell it was typed into may end without us. */
function starters(parent: number): number[] {
	const chain: { pid: number; name: string }[] = [];
	for (let pid = parent; pid > 1; ) {
		const status = readStatus(pid);
		if (!status || !(STARTERS.test(status.name) || SHELLS.test(status.name))) break;
		chain.push({ pid, name: status.name });
		pid = status.parent;
	}
	const outermost = chain.findLastIndex(({ name }) => STARTERS.test(name));
	return chain.slice(0, outermost + 1).map(({ pid }) => pid);
}

function readStatus(pid: number): { name: string; parent: number } | undefined {
	try {
		const status = readFileSync(`/proc/${pid}/status`, "utf8");
		return { name: /^Name:\t(.*)$/m.exec(status)?.[1] ?? "", parent: Number(/^PPid:\t(\d+)$/m.exec(status)?.[1]) };
	} catch {
		return undefined; // ended in between, or no /proc
	}
}
