import type { AgentOffer } from "@bullpen/domain/agent-offer";

const TITLES = new Map([
	["demo", "Demo agent"],
	["codex", "Codex"],
	["claude", "Claude Code"],
	["opencode", "OpenCode"],
]);

/** What people call an agent. */
export const agentTitle = (name: string): string => TITLES.get(name) ?? name;

/** Where an agent stands for somebody who may choose it: what it is, or what is missing and the next step. */
export function offerWords({ name, installation, needsKey, keyNames, payers, obstacle }: AgentOffer): string {
	if (obstacle !== undefined) return obstacle;
	if (needsKey && payers.length === 0) {
		return `No key yet: add one for ${either(keyNames)} in your settings, or ask whoever runs this server to.`;
	}
	switch (installation.state) {
		case "installed":
			return name === "demo"
				? "No model and no key: lists, reads, writes, edits and runs what you ask for."
				: "Installed and ready.";
		case "installing":
			return `Being installed: ${Math.round(installation.done * 100)} %.`;
		case "missing":
			return `Ready; ${Math.ceil(installation.bytes / 1_000_000)} MB are installed when the workspace is made.`;
		case "failed":
			return `${installation.reason} The next prompt tries again.`;
	}
}

const either = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
