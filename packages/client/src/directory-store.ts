import type { ServerAuditPage } from "@bullpen/domain/audit";
import type { BotView, CreateBotInput, CreatedBot, UpdateBotInput } from "@bullpen/domain/bot";
import type { BotCommand } from "@bullpen/domain/command";
import type {
	CreatedWorkspace,
	CreateWorkspaceInput,
	DirectoryAgentRow,
	DirectoryFeedRow,
	DirectoryRoomRow,
	DirectoryWorkspaceRow,
	OpenedRoom,
	OpenRoomInput,
	PersonRow,
	SetStatusInput,
} from "@bullpen/domain/directory";
import { directoryAgents, directoryRooms, directoryWorkspaces, people, personOf } from "@bullpen/domain/directory-view";
import type { Problem } from "@bullpen/domain/problem";
import type { z } from "zod";
import type { Connection } from "./connection.ts";
import { RowsFeed } from "./rows-feed.ts";
import { type StoreOptions, withDefaults } from "./store-options.ts";

/** What there is on this server: public rooms, open workspaces, agents, people. */
export interface DirectoryShown {
	readonly isLoaded: boolean;
	readonly problem: Problem | null;
	readonly rooms: readonly DirectoryRoomRow[];
	readonly workspaces: readonly DirectoryWorkspaceRow[];
	readonly agents: readonly DirectoryAgentRow[];
	readonly people: readonly PersonRow[];
	/** The name of a person; their id until it is known. */
	readonly nameOf: (userId: string) => string;
}

/** The directory, over as many connections as it takes. */
export class DirectoryStore {
	readonly #feed: RowsFeed<"directory", DirectoryFeedRow>;
	#shown: DirectoryShown;

	constructor(options: StoreOptions = {}) {
		this.#feed = new RowsFeed<"directory", DirectoryFeedRow>({
			read: (line) => line.call("list"),
			readChanges: (line, input) => line.call("changesSince", input),
			listen: (connection, heard) => connection.on("directoryChanged", heard),
			refresh: () => {
				this.#shown = this.#show();
			},
			...withDefaults(options),
		});
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#feed.notifier.subscribe(listener);
	readonly getSnapshot = (): DirectoryShown => this.#shown;

	attach(connection: Connection<"directory">): () => void {
		return this.#feed.line.attach(connection);
	}

	/** The room of this name, made if there is none: the same however often and by whomever it is asked. */
	openRoom(input: z.input<typeof OpenRoomInput>): Promise<z.infer<typeof OpenedRoom>> {
		return this.#feed.line.call("openRoom", input);
	}

	/** The direct room of us and these people, made if there is none: the same whoever of us asks. */
	openDirect(userIds: readonly string[]): Promise<z.infer<typeof OpenedRoom>> {
		return this.#feed.line.call("openDirect", { userIds: [...userIds] });
	}

	/** Enters the room that a link leads to. */
	acceptLink(roomId: string, secret: string): Promise<z.infer<typeof OpenedRoom>> {
		return this.#feed.line.call("acceptLink", { roomId, secret });
	}

	/** What is shown beside our name; an empty text without an emoji takes it back. */
	async setStatus(status: z.input<typeof SetStatusInput>): Promise<void> {
		await this.#feed.line.call("setStatus", status);
	}

	/** What those who run the server did, the newest first; for its owners. */
	getAudit(page: { before?: number; limit?: number } = {}): Promise<ServerAuditPage> {
		return this.#feed.line.call("getAudit", page);
	}

	/** The bots of this server, the oldest first; for its owners, like everything about them. */
	async getBots(): Promise<readonly BotView[]> {
		return (await this.#feed.line.call("getBots")).bots;
	}

	/** Its token is told this once. */
	createBot(input: z.input<typeof CreateBotInput>): Promise<z.infer<typeof CreatedBot>> {
		return this.#feed.line.call("createBot", input);
	}

	async updateBot(input: z.input<typeof UpdateBotInput>): Promise<BotView> {
		return (await this.#feed.line.call("updateBot", input)).bot;
	}

	/** The token before is good for nothing from then on. */
	renewBotToken(userId: string): Promise<z.infer<typeof CreatedBot>> {
		return this.#feed.line.call("renewBotToken", { userId });
	}

	async revokeBotToken(userId: string): Promise<void> {
		await this.#feed.line.call("revokeBotToken", { userId });
	}

	async setBotActive(userId: string, isActive: boolean): Promise<void> {
		await this.#feed.line.call("setBotActive", { userId, isActive });
	}

	/** By a bot, of itself: the slash commands that it answers from now on. */
	async setCommands(commands: BotCommand[]): Promise<void> {
		await this.#feed.line.call("setCommands", { commands });
	}

	/** With a `nonce`, asking again after a lost answer makes no second workspace. */
	createWorkspace(input: z.input<typeof CreateWorkspaceInput>): Promise<z.infer<typeof CreatedWorkspace>> {
		return this.#feed.line.call("createWorkspace", input);
	}

	check(): void {
		this.#feed.check();
	}

	dispose(): void {
		this.#feed.dispose();
	}

	#show(): DirectoryShown {
		const { rows, isLoaded, problem } = this.#feed;
		return {
			isLoaded,
			problem,
			rooms: directoryRooms(rows),
			workspaces: directoryWorkspaces(rows),
			agents: directoryAgents(rows),
			people: people(rows),
			nameOf: (userId) => personOf(rows, userId)?.name ?? userId,
		};
	}
}
