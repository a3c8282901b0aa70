import type { Actor } from "@bullpen/domain/prompt-rules";
import type { ActionName, ActionOutput } from "@bullpen/domain/wire";
import type { WorkspaceRole } from "@bullpen/domain/workspace";
import { type Action, type Parsed, personAction } from "../action.ts";
import type { Connection } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { WorkspaceDraft } from "./scope.ts";
import type { Workspace } from "./workspace.ts";

export interface Visit {
	readonly workspace: Workspace;
	readonly person: Person;
	readonly role: WorkspaceRole;
	readonly connection: Connection;
	/** Goes through the door again with the commit, and makes whoever acts a member. */
	readonly acting: (draft: WorkspaceDraft) => Actor;
}

/** An action of people: through the door first, then to the workspace. */
export const visit = <N extends ActionName<"workspace">>(
	name: N,
	handler: (visit: Visit, input: Parsed<"workspace", N>) => Promise<ActionOutput<"workspace", N>>,
): Action<Workspace, "workspace", N> =>
	personAction<Workspace, "workspace", N>("workspace", name, async (c, input, person) => {
		const workspace = c.vars;
		const role = await workspace.entrance.enter(person, name);
		const acting = (draft: WorkspaceDraft): Actor => workspace.entrance.acting(person, name, draft);
		return handler({ workspace, person, role, connection: c.conn, acting }, input);
	});
