import type { RoomAuditPage } from "@bullpen/domain/audit";
import type { RoomRole } from "@bullpen/domain/room";
import type { RoomLink } from "@bullpen/domain/room-link";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { Line } from "./line.ts";

/** Who is in a room as what, and what becomes of it. Each resolves when it stands, and is told by the feed. */
export class RoomGovernance {
	readonly #line: Line<"chatRoom">;

	constructor(line: Line<"chatRoom">) {
		this.#line = line;
	}

	async invite(userId: string, role?: RoomRole): Promise<void> {
		await this.#line.call("invite", role === undefined ? { userId } : { userId, role });
	}

	async setRole(userId: string, role: RoomRole): Promise<void> {
		await this.#line.call("setRole", { userId, role });
	}

	async kick(userId: string): Promise<void> {
		await this.#line.call("kick", { userId });
	}

	async ban(userId: string): Promise<void> {
		await this.#line.call("ban", { userId });
	}

	async unban(userId: string): Promise<void> {
		await this.#line.call("unban", { userId });
	}

	/** Makes somebody else the owner. We are an admin afterwards. */
	async transferOwnership(userId: string): Promise<void> {
		await this.#line.call("transferOwnership", { userId });
	}

	async updateRoom(wish: ActionInput<"chatRoom", "updateRoom">): Promise<void> {
		await this.#line.call("updateRoom", wish);
	}

	/** Makes a link that lets people in. Its secret is told this once. */
	createLink(
		input: NonNullable<ActionInput<"chatRoom", "createLink">> = {},
	): Promise<ActionOutput<"chatRoom", "createLink">> {
		return this.#line.call("createLink", input);
	}

	/** The links that work now, the newest first. */
	async getLinks(): Promise<readonly RoomLink[]> {
		return (await this.#line.call("getLinks")).links;
	}

	async revokeLink(id: string): Promise<void> {
		await this.#line.call("revokeLink", { id });
	}

	/** What those who run the room did, the newest first. */
	getAudit(page: NonNullable<ActionInput<"chatRoom", "getAudit">> = {}): Promise<RoomAuditPage> {
		return this.#line.call("getAudit", page);
	}
}
