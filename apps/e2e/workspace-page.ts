import { expect, type Locator, type Page } from "@playwright/test";

/** An agent's turn: started, confined and asked; the first one also unpacks its server. */
const TURN_MS = 30_000;

/** A workspace as somebody sees it. */
export class WorkspacePage {
	readonly page: Page;
	readonly transcript: Locator;
	readonly prompt: Locator;
	readonly question: Locator;
	/** The rows of the queue's tab. */
	readonly queue: Locator;

	constructor(page: Page) {
		this.page = page;
		this.transcript = page.getByRole("log", { name: "Transcript" });
		this.prompt = page.getByRole("textbox", { name: "Prompt the agent" });
		this.question = page.getByRole("alertdialog", { name: /^The agent asks: / });
		this.queue = page.getByRole("list", { name: "Queued prompts" }).getByRole("listitem");
	}

	/** Makes one with the demo agent, for everyone here unless told otherwise; answers with its id. */
	async create(name: string, circle?: "By invitation"): Promise<string> {
		await this.page.getByRole("button", { name: "New workspace" }).click();
		await this.page.getByRole("textbox", { name: "Name" }).fill(name);
		if (circle) await this.page.getByText(circle, { exact: true }).click();
		await this.page.getByRole("button", { name: "Create workspace" }).click();
		await this.page.waitForURL(/\/w\//);
		await expect(this.prompt).toBeVisible();
		return new URL(this.page.url()).pathname.slice("/w/".length);
	}

	/** By the sidebar, as somebody does who was not told its address. */
	async enter(name: string): Promise<void> {
		await this.page.getByRole("region", { name: "Workspaces" }).getByRole("link", { name }).click();
		await expect(this.prompt).toBeVisible();
	}

	async ask(text: string): Promise<void> {
		await this.prompt.fill(text);
		await this.prompt.press("Enter");
	}

	/** Waits for the agent's question and answers it. */
	async answer(option: "Allow" | "Deny"): Promise<void> {
		await expect(this.question).toBeVisible({ timeout: TURN_MS });
		await this.question.getByRole("button", { name: option, exact: true }).click();
	}

	/** Something of the menu of a waiting prompt. */
	async queueMenu(index: number, item: string): Promise<void> {
		await this.queue
			.nth(index)
			.getByRole("button", { name: /^More for/ })
			.click();
		await this.page.getByRole("menuitem", { name: item }).click();
	}

	/** Who answers the agent, and what they decided. */
	async openPolicy(): Promise<void> {
		await this.page.getByRole("button", { name: /^Who answers the agent/ }).click();
	}

	/** The agent has ended its turn and waits for the next prompt. */
	async isReady(): Promise<void> {
		const state = this.page.getByRole("main").getByText("Ready", { exact: true }).first();
		await expect(state).toBeVisible({ timeout: TURN_MS });
	}

	/** Where nothing can be confined, the demo agent works on files in memory, and the page says so. */
	async isVirtual(): Promise<boolean> {
		return await this.page.getByText("Nothing is run here.").isVisible();
	}

	/** What the transcript says, entry by entry, without times and durations, which differ by when one looks. */
	async entries(): Promise<string[]> {
		const texts = await this.transcript.getByRole("article").allTextContents();
		return texts.map((text) => text.replaceAll(/\d{1,2}:\d{2}( ?[AP]M)?|\d+(\.\d+)? ?(ms|s)\b/g, "").trim());
	}
}
