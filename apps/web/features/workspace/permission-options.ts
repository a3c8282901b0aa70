import type { PermissionRow } from "@bullpen/domain/workspace";

type Option = PermissionRow["options"][number];

/** ACP's `PermissionOptionKind`: `allow_once`, `allow_always`, `reject_once`, `reject_always`. */
export const isAllowing = (option: Option): boolean => option.kind.startsWith("allow");

export const isAlways = (option: Option): boolean => option.kind === "allow_always";

/** The agent's options in the order they are offered: yes before no, once before always, as far as their kinds say. */
export function inOrder(options: readonly Option[]): Option[] {
	const rank = ({ kind }: Option) => ORDER.get(kind) ?? ORDER.size;
	return [...options].sort((a, b) => rank(a) - rank(b));
}

const ORDER = new Map(["allow_once", "allow_always", "reject_once", "reject_always"].map((kind, rank) => [kind, rank]));
