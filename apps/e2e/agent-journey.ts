import type { ScriptedModel } from "@bullpen/scripted-model/server";
import { expect } from "@playwright/test";
import { fileOf } from "./files.ts";
import type { OwnStack } from "./own-stack.ts";
import type { Person } from "./person.ts";
import { isBack, killPart } from "./stack.ts";
import { suffix } from "./test.ts";
import { WorkspacePage } from "./workspace-page.ts";

/** In what the real agents differ, seen from a browser. */
export interface AgentTraits {
	readonly title: string;
	/** The scripted model's word for a command that this agent asks about. */
	readonly askedRun: "RUN" | "ASKRUN";
	readonly asksToWrite: boolean;
	/** The agent's own words for yes and no, once. */
	readonly yes: string;
	readonly no: string;
	readonly hasPlan: boolean;
	/** A status of the model's server that it does not try again for a minute, and what is shown of it. */
	readonly failure: number;
	readonly failureWords: RegExp;
}

const MOST = {
	askedRun: "RUN",
	asksToWrite: true,
	hasPlan: false,
	failure: 400,
	failureWords: /a scripted failure/,
} as const;
export const CODEX: AgentTraits = {
	...MOST,
	title: "Codex",
	askedRun: "ASKRUN",
	asksToWrite: false,
	yes: "Yes, proceed",
	no: "No, and tell Codex what to do differently",
	hasPlan: true,
};
export const CLAUDE: AgentTraits = { ...MOST, title: "Claude Code", yes: "Yes", no: "No" };
export const OPENCODE: AgentTraits = {
	...MOST,
	title: "OpenCode",
	yes: "Allow once",
	no: "Reject",
	failure: 401,
	failureWords: /a scripted failure|does not accept the key/,
};

/** An installation where no run before has left it, and an answer of an agent that is slow to start. */
export const INSTALL_MS = 300_000;
const TURN_MS = 60_000;

interface Surroundings {
	readonly person: Person;
	readonly stack: OwnStack;
	readonly model: ScriptedModel;
}

/**
 * Somebody works with one real agent, and its process is killed on the way. One turn after the other runs, so what is
 * seen of the next one says that the one before has ended.
 */
export class AgentJourney {
	readonly #at: Surroundings;
	readonly #agent: AgentTraits;
	readonly #hers: WorkspacePage;
	#id = "";

	constructor(agent: AgentTraits, at: Surroundings) {
		this.#agent = agent;
		this.#at = at;
		this.#hers = new WorkspacePage(at.person.page);
	}

	/** Begins to make a workspace. @returns why this machine cannot run the agent, undefined when it can */
	async choose(): Promise<string | undefined> {
		const { page } = this.#at.person;
		await page.getByRole("button", { name: "New workspace" }).click();
		const card = page.getByRole("radio", { name: new RegExp(`^${this.#agent.title}`) });
		await expect(card).toBeVisible({ timeout: TURN_MS });
		if (await card.isDisabled()) {
			const obstacle = await card.evaluate((radio) => radio.closest("label")?.textContent ?? "");
			expect(obstacle, "the server was started with a key").not.toContain("No key yet");
			return obstacle;
		}
		await page.locator("label").filter({ has: card }).click();
		return undefined;
	}

	/** The workspace, and its first answer. */
	async begins(): Promise<void> {
		const { page } = this.#at.person;
		await page.getByRole("textbox", { name: "Name" }).fill(`${this.#agent.title} ${suffix()}`);
		await page.getByRole("button", { name: "Create workspace" }).click();
		await page.waitForURL(/\/w\//);
		this.#id = new URL(page.url()).pathname.slice("/w/".length);
		await this.#hers.ask("SAY hello from the model");
		await this.#shows(/^hello from the model$/, INSTALL_MS);
	}

	async writes(): Promise<void> {
		await this.#hers.ask("WRITE note.txt written by the agent");
		if (this.#agent.asksToWrite) await this.#answer("note.txt", this.#agent.yes);
		await this.#holds("note.txt", "written by the agent\n");
	}

	async runsWhatIsAllowed(): Promise<void> {
		await this.#hers.ask(`${this.#agent.askedRun} echo allowed > allowed.txt`);
		await this.#answer("echo allowed", this.#agent.yes);
		await this.#holds("allowed.txt", "allowed\n");
	}

	/** What comes after it is seen, so by then it would have run. */
	async doesNotRunWhatIsDenied(): Promise<void> {
		await this.#hers.ask(`${this.#agent.askedRun} echo denied > denied.txt`);
		await this.#answer("echo denied", this.#agent.no);
		await this.#hers.ask("SAY after the denial");
		await this.#shows(/^after the denial$/);
		expect(this.#file("denied.txt")).toBeUndefined();
	}

	async plans(): Promise<void> {
		if (!this.#agent.hasPlan) return;
		await this.#hers.ask("PLAN");
		const panel = this.#at.person.page.getByRole("complementary");
		await expect(panel.getByText("Read the code")).toBeVisible({ timeout: TURN_MS });
	}

	async survivesTheModel(): Promise<void> {
		const { failure, failureWords } = this.#agent;
		await this.#hers.ask(`FAIL ${failure}`);
		await expect(this.#hers.transcript).toContainText(failureWords, { timeout: TURN_MS });
	}

	async isStopped(): Promise<void> {
		await this.#hang();
		await this.#at.person.page.getByRole("button", { name: "Stop the agent" }).click();
		await expect(this.#hers.transcript).toContainText("Stopped by", { timeout: TURN_MS });
	}

	/** kill -9 of the process of all workspaces, in a turn. */
	async remembersAfterAKill(): Promise<void> {
		const { person, stack } = this.#at;
		await this.#hang();
		person.mayLoseServer();
		const killed = killPart("workspaces", stack.dataFolder);
		await isBack("workspaces", killed, stack.dataFolder);
		await this.#hers.ask("RECALL");
		await this.#shows(/^First you asked: SAY hello from the model$/, 2 * TURN_MS);
		await person.isConnected();
		person.hasServer();
		await expect(this.#hers.transcript.getByText(/^The server stopped while the agent was working/)).toHaveCount(1);
		await this.#hers.isReady();
	}

	/** Until the model has been asked something that it never answers. */
	async #hang(): Promise<void> {
		const { model } = this.#at;
		const asked = model.requests.length;
		await this.#hers.ask("HANG");
		await expect.poll(() => model.requests.length, { timeout: TURN_MS }).toBeGreaterThan(asked);
	}

	async #answer(about: string, option: string): Promise<void> {
		const { question } = this.#hers;
		await expect(question).toContainText(about, { timeout: TURN_MS });
		await question.getByRole("button", { name: option, exact: true }).click();
	}

	async #shows(words: RegExp, timeout = TURN_MS): Promise<void> {
		await expect(this.#hers.transcript.getByText(words)).toBeVisible({ timeout });
	}

	async #holds(name: string, text: string): Promise<void> {
		await expect.poll(() => this.#file(name), { timeout: TURN_MS, message: name }).toBe(text);
	}

	#file(name: string): string | undefined {
		return fileOf(this.#id, name, this.#at.stack.dataFolder);
	}
}
