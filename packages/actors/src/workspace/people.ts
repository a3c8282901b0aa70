import { Problem } from "@bullpen/domain/problem";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { SessionRow } from "@bullpen/domain/workspace";
import type { InviteToWorkspaceInput, SetVisibilityInput, SetWorkspaceRoleInput } from "@bullpen/domain/workspace-life";
import type { z } from "zod";
import { isAbsent } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";
import type { Members } from "./members.ts";
import type { Payer } from "./payer.ts";
import type { RoomDoor } from "./room-door.ts";
import { putAct, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";

/** The door once more, with the commit: who acts, and the workspace as it is then. */
type Admitted = (draft: WorkspaceDraft) => { readonly by: Actor; readonly session: SessionRow };

interface Parts {
	readonly session: Session;
	readonly members: Members;
	readonly payer: Payer;
	readonly door: RoomDoor;
	readonly peers: Peers;
}

/** Who may be here and as what: what the owner decides, and going by oneself. */
export class People {
	readonly #scope: Scope;
	readonly #parts: Parts;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
	}

	/** @throws Problem `busy` */
	async invite({ userId, role }: z.output<typeof InviteToWorkspaceInput>, admitted: Admitted): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { by } = admitted(draft);
			const row = this.#parts.members.putInvited(draft, userId, role);
			if (row !== undefined)
				putAct(this.#scope, draft, { type: "member-invited", by: by.userId, userId, role: row.role });
		});
	}

	/** @throws Problem `not_found` `forbidden` */
	async setRole(input: z.output<typeof SetWorkspaceRoleInput>, admitted: Admitted): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { by, session } = admitted(draft);
			const { userId, role: to } = input;
			const from = this.#parts.members.putRole(draft, session, input);
			if (from !== undefined) putAct(this.#scope, draft, { type: "role-changed", by: by.userId, userId, from, to });
		});
	}

	/** Their connections close with the commit, and nothing they ask from then on is answered. @throws Problem `forbidden` */
	async remove(userId: string, admitted: Admitted): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { by, session } = admitted(draft);
			this.#parts.payer.putLeft(draft, userId);
			if (this.#parts.members.putRemoved(draft, session, userId))
				putAct(this.#scope, draft, { type: "member-removed", by: by.userId, userId });
		});
	}

	/** @throws Problem `forbidden` for the owner */
	async leave(admitted: Admitted): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { by, session } = admitted(draft);
			this.#parts.payer.putLeft(draft, by.userId);
			this.#parts.members.putLeft(draft, session, by.userId);
		});
		this.#scope.audience.closeDeafSoon("left");
	}

	/** @throws Problem `not_found` */
	async pass(userId: string, admitted: Admitted): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { by, session } = admitted(draft);
			if (!this.#parts.members.putPassed(draft, session, userId)) return;
			this.#parts.session.put(draft, { ownerId: userId });
			putAct(this.#scope, draft, { type: "ownership-passed", by: by.userId, userId });
		});
	}

	/**
	 * Who may be here because of where they are, from now on. A room is one that the owner is in.
	 * @throws Problem `bad_input` `not_found` `busy`
	 */
	async setVisibility(input: z.output<typeof SetVisibilityInput>, admitted: Admitted): Promise<void> {
		const { visibility, roomId } = input;
		if ((visibility === "room") !== (roomId !== undefined)) {
			throw new Problem("bad_input", "A room goes with a workspace of a room, and only with that.", {
				field: "roomId",
			});
		}
		const { by } = await this.#scope.writer.write((draft) => admitted(draft));
		if (roomId !== undefined) await this.#refuseUnlessIn(roomId, by.userId);
		await this.#scope.writer.write((draft) => {
			const { session } = admitted(draft);
			if (session.visibility === visibility && session.roomId === roomId) return;
			this.#parts.session.put(draft, { visibility, roomId });
			const from = session.visibility;
			putAct(this.#scope, draft, { type: "visibility-changed", by: by.userId, from, to: visibility });
		});
		await this.review();
	}

	/** Closes the connections of those who may not be here any more. Whom only a room knows is asked about first. */
	async review(): Promise<void> {
		const { audience } = this.#scope;
		await this.#parts.door.askForAll(new Set(audience.onlineUserIds));
		audience.closeDeaf("removed");
	}

	async #refuseUnlessIn(roomId: string, userId: string): Promise<void> {
		const { isJoined } = await this.#parts.peers
			.get("chatRoom", roomId)
			.canEnter({ userId })
			.catch((error: unknown) => {
				if (isAbsent(error)) return { isJoined: false };
				throw new Problem("busy", "The room does not answer. Try again.", { waitMs: 1_000 });
			});
		if (!isJoined) throw new Problem("not_found", "There is no such room that you are in.");
	}
}
