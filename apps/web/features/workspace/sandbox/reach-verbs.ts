import type { RefusedHost, SetEgressInput } from "@bullpen/domain/egress";
import { Problem } from "@bullpen/domain/problem";
import { complain } from "../../../live/refusals.ts";
import { wordsFor } from "../../../live/words.ts";
import { notify } from "../../../ui/toast.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "../workspace-data.ts";
import { egressWith, offerFor } from "./egress-words.ts";

/** What the owner of a workspace does about where its sandbox may go; null for everybody else. */
export interface ReachVerbs {
	/** Why it was refused, in words, or null when it is done. */
	set: (egress: SetEgressInput) => Promise<string | null>;
	allow: (refused: RefusedHost) => void;
	ignore: (host: string) => void;
}

export function reachVerbs(
	{ session, isOwner }: OpenWorkspace,
	{ setEgress, ignoreHost }: Pick<WorkspaceVerbs, "setEgress" | "ignoreHost">,
): ReachVerbs | null {
	if (!isOwner || session.archived !== undefined) return null;
	return {
		set: (egress) => setEgress(egress).then(() => null, wordsOf),
		allow: (refused) =>
			void setEgress(egressWith(session.egress, offerFor(refused).added)).then(
				() => notify("The sandbox can reach it from now on."),
				complain,
			),
		ignore: (host) => void ignoreHost(host).catch(complain),
	};
}

/** Which of the names it is about. */
function wordsOf(error: unknown): string {
	const { host, hostsMax } = error instanceof Problem ? error.details : {};
	if (typeof host === "string") return `“${host}” cannot be named: hosts are named like registry.example.com.`;
	if (typeof hostsMax === "number") return `At most ${hostsMax} hosts can be named.`;
	return wordsFor(error);
}
