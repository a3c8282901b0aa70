import type { CreateHookInput, Deliveries, HookList } from "@bullpen/domain/webhook";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { Line } from "./line.ts";

/** The webhooks of a room, for those who run it. */
export class RoomHooks {
	readonly #line: Line<"chatRoom">;

	constructor(line: Line<"chatRoom">) {
		this.#line = line;
	}

	/** The oldest first. */
	async list(): Promise<HookList["hooks"]> {
		return (await this.#line.call("getHooks")).hooks;
	}

	/** Its secret is told this once. */
	create(input: CreateHookInput): Promise<ActionOutput<"chatRoom", "createHook">> {
		return this.#line.call("createHook", input);
	}

	async setActive(id: string, isActive: boolean): Promise<void> {
		await this.#line.call("setHookActive", { id, isActive });
	}

	async remove(id: string): Promise<void> {
		await this.#line.call("removeHook", { id });
	}

	/** What became of what was to be told, the newest try first. */
	getDeliveries(input: ActionInput<"chatRoom", "getDeliveries">): Promise<Deliveries> {
		return this.#line.call("getDeliveries", input);
	}
}
