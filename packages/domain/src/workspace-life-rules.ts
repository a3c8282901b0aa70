import { Problem } from "./problem.ts";
import type { ActionName } from "./wire.ts";
import type { SessionRow } from "./workspace.ts";

/** What goes on in an archived workspace: reading, leaving, putting people out, and what ends its being archived. */
const IN_ARCHIVE: ReadonlySet<ActionName<"workspace">> = new Set([
	"getSessionInfo",
	"getTranscript",
	"changesSince",
	"getOutput",
	"getImage",
	"searchTranscript",
	"listFiles",
	"readFile",
	"listChanges",
	"diff",
	"getPatch",
	"getAudit",
	"getChat",
	"leave",
	"kick",
	"archive",
	"restore",
	"deleteWorkspace",
]);

/** @throws Problem `archived` */
export const refuseArchived = (session: Pick<SessionRow, "archived">, action: ActionName<"workspace">): void => {
	if (session.archived === undefined || IN_ARCHIVE.has(action)) return;
	throw new Problem("archived", "This workspace is archived. Its owner can restore it.");
};

/**
 * Whoever deletes has typed the workspace's name.
 * @throws Problem `bad_input`
 */
export const refuseUnlessNamed = (session: Pick<SessionRow, "name">, typed: string): void => {
	if (typed.normalize("NFKC").trim() === session.name) return;
	throw new Problem("bad_input", "That is not the name of this workspace.", { field: "name" });
};
