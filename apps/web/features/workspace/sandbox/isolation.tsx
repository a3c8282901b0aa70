import type { Namespace, SandboxProof } from "@bullpen/domain/sandbox";
import { Check } from "lucide-react";
import { clockOf, fullTimeOf } from "../../../ui/time.ts";
import { Section } from "./section.tsx";

const NAMESPACES: Readonly<Record<Namespace, string>> = {
	mnt: "Sees no files but its own and the system's programs",
	pid: "Sees no processes but its own",
	net: "Has no network of its own",
	ipc: "Shares no memory with other programs",
	uts: "Does not know the machine's name",
	user: "Has no rights outside, whoever it is inside",
};

/** What the self-test saw. Where it saw too much, there is no sandbox at all. */
export function Isolation({ proof: { at, namespaces, user } }: { proof: SandboxProof }) {
	const found = [
		...namespaces.map((name) => NAMESPACES[name]),
		user === "own" ? "Runs as a user of this workspace's own" : "Runs as the server's user, without its rights",
		"Has no privileges, keys or variables of the server",
	];
	return (
		<Section title="Self-test">
			<p className="text-sm text-text-muted">
				Passed <time title={fullTimeOf(at)}>{clockOf(at)}</time>, in a sandbox like this one. What runs in it:
			</p>
			<ul aria-label="What the self-test found" className="mt-1.5 space-y-1 text-sm">
				{found.map((words) => (
					<li key={words} className="flex gap-2">
						<Check className="mt-0.5 size-4 shrink-0 text-accent-text" aria-hidden="true" />
						{words}
					</li>
				))}
			</ul>
		</Section>
	);
}
