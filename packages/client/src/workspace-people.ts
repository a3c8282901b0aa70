import type { StartFromInput } from "@bullpen/domain/origin";
import type { ActionInput } from "@bullpen/domain/wire";
import type { GivenRole } from "@bullpen/domain/workspace-life";
import type { Line } from "./line.ts";

/** Who is in a workspace and what becomes of it. Each resolves when it stands, and is told by the feed. */
export class WorkspacePeople {
	readonly #line: Line<"workspace">;

	constructor(line: Line<"workspace">) {
		this.#line = line;
	}

	/** @throws Problem `forbidden` `busy` */
	async invite(userId: string, role: GivenRole = "prompter"): Promise<void> {
		await this.#line.call("invite", { userId, role });
	}

	/** @throws Problem `not_found` `forbidden` */
	async setRole(userId: string, role: GivenRole): Promise<void> {
		await this.#line.call("setRole", { userId, role });
	}

	/** @throws Problem `forbidden` */
	async remove(userId: string): Promise<void> {
		await this.#line.call("kick", { userId });
	}

	/** @throws Problem `forbidden` for the owner */
	async leave(): Promise<void> {
		await this.#line.call("leave");
	}

	/** @throws Problem `not_found` `forbidden` */
	async transferOwnership(userId: string): Promise<void> {
		await this.#line.call("transferOwnership", { userId });
	}

	/** @throws Problem `not_found` for a room that one is not in · `forbidden` */
	async setVisibility(input: ActionInput<"workspace", "setVisibility">): Promise<void> {
		await this.#line.call("setVisibility", input);
	}

	/** @throws Problem `text_*` `forbidden` */
	async rename(name: string): Promise<void> {
		await this.#line.call("rename", { name });
	}

	async archive(): Promise<void> {
		await this.#line.call("archive");
	}

	async restore(): Promise<void> {
		await this.#line.call("restore");
	}

	/** Before anything has happened in it; how it goes on, the session's row tells. @throws Problem `bad_input` `busy` */
	async startFrom(input: StartFromInput): Promise<void> {
		await this.#line.call("startFrom", input);
	}

	/** Resolves when nothing of it runs any more. */
	async cancelStart(): Promise<void> {
		await this.#line.call("cancelStart");
	}

	/** For ever, with its files. `name` as it was typed. @throws Problem `bad_input` for another name */
	async delete(name: string): Promise<void> {
		await this.#line.call("deleteWorkspace", { name });
	}
}
