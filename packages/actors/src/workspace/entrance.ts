import { authorise, notOpenToYou } from "@bullpen/domain/authorization";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { ActionName } from "@bullpen/domain/wire";
import type { SessionInfo, SessionRow, WorkspaceRole } from "@bullpen/domain/workspace";
import { refuseArchived } from "@bullpen/domain/workspace-life-rules";
import type { Connection } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Started } from "./agent/agent-host.ts";
import type { Members } from "./members.ts";
import type { RoomDoor } from "./room-door.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";

interface Parts {
	readonly session: Session;
	readonly members: Members;
	readonly door: RoomDoor;
}

/** Who comes in, and as what: asked at every connection, before every act, and again with what it commits. */
export class Entrance {
	readonly #audience: Scope["audience"];
	readonly #parts: Parts;

	constructor(audience: Scope["audience"], parts: Parts) {
		this.#audience = audience;
		this.#parts = parts;
	}

	/** @throws Problem `not_found` before the workspace was initialised, and once it was deleted */
	get session(): SessionRow {
		const { row } = this.#parts.session;
		if (row === undefined || row.deleted !== undefined) throw notOpenToYou();
		return row;
	}

	/** The door every action goes through. @throws Problem, also `busy` when a room cannot be asked that has to be */
	async enter(person: Person, action: ActionName<"workspace">): Promise<WorkspaceRole> {
		await this.#parts.door.askAgain(person.userId);
		return this.admit(person, action);
	}

	/** The door as far as everything is known: a mutation goes through it again with its draft. @throws Problem */
	admit(person: Person, action: ActionName<"workspace">, draft?: WorkspaceDraft): WorkspaceRole {
		const session = this.#seen(draft);
		if (session.deleted !== undefined) throw notOpenToYou();
		const standing = this.#parts.members.standing(session, this.#visitor(person), draft);
		authorise("workspace", action, standing);
		if (standing === "outsider") throw notOpenToYou();
		refuseArchived(session, action);
		return standing;
	}

	/** The same for what makes nobody a member. @throws Problem */
	admitted(person: Person, action: ActionName<"workspace">, draft: WorkspaceDraft): { by: Actor; session: SessionRow } {
		const by = { userId: person.userId, role: this.admit(person, action, draft) };
		return { by, session: this.#seen(draft) };
	}

	/** The same for whoever acts, and is a member from then on. @throws Problem */
	acting(person: Person, action: ActionName<"workspace">, draft: WorkspaceDraft): Actor {
		const by = { userId: person.userId, role: this.admit(person, action, draft) };
		this.#parts.members.putActing(draft, this.session, by);
		return by;
	}

	/** Asked once more where something begins: what let it in may have ended since. @throws Problem */
	refuseToStart(what: Started): void {
		const { session } = this;
		if (what === "agent") refuseArchived(session, "prompt");
	}

	/** How the workspace is to whoever was let in. */
	info(role: WorkspaceRole): SessionInfo {
		const { session } = this;
		const { workspaceId, sandboxId, agent, state } = session;
		return { workspaceId, sandboxId, agent, state, role, session, onlineUserIds: this.#audience.onlineUserIds };
	}

	mayEnter(person: Person): boolean {
		const { row } = this.#parts.session;
		if (row === undefined || row.deleted !== undefined) return false;
		return this.#parts.members.standing(row, this.#visitor(person)) !== "outsider";
	}

	/** Whether this person may hold a connection at all. @throws Problem `not_found` `busy` */
	async receive(person: Person): Promise<void> {
		this.#audience.refuseBarred(person);
		await this.#parts.door.ask(person.userId);
		if (!this.mayEnter(person)) throw notOpenToYou();
	}

	/** Call from `onConnect`. Somebody may have been removed between the check of their ticket and now. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		if (this.mayEnter(state)) this.#audience.arrived(connection);
		else this.#audience.disconnect(connection, "removed");
	}

	/** Connections that outlived the process which served them. */
	async restore(connections: readonly Connection[]): Promise<void> {
		const people = connections.flatMap(({ state }) => (state.kind === "person" ? [state.userId] : []));
		await this.#parts.door.askForAll(new Set(people));
		for (const connection of connections) {
			const { state } = connection;
			if (state.kind === "person" && !this.mayEnter(state)) this.#audience.disconnect(connection, "removed");
			else this.#audience.restore([connection]);
		}
	}

	#seen(draft: WorkspaceDraft | undefined): SessionRow {
		return (draft && this.#parts.session.seen(draft)) ?? this.session;
	}

	#visitor({ userId, role }: Person): { userId: string; role: Person["role"]; isInRoom: boolean } {
		return { userId, role, isInRoom: this.#parts.door.isIn(userId) };
	}
}
