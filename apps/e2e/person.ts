import { type BrowserContext, expect, type Page } from "@playwright/test";
import { publicUrl } from "./stack.ts";

/**
 * What a browser itself writes to the console while the server is away, whatever the page does. Allowed only between
 * `mayLoseServer` and `hasServer`; everything else written there fails the test.
 */
const SERVER_IS_AWAY = [
	/^WebSocket connection to 'ws:\/\/[^']+' failed/,
	/^Failed to load resource: net::ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED)/,
	/^Failed to load resource: the server responded with a status of (?:502|503|504) /,
];

/** Somebody with a browser of their own. What their pages complain about is kept and must be nothing. */
export class Person {
	readonly name: string;
	readonly context: BrowserContext;
	/** Of the server they are on. */
	readonly #origin: string;
	readonly #complaints: string[] = [];
	readonly #allowed: RegExp[] = [];
	#page: Page | undefined;
	#isServerAway = false;

	constructor(name: string, context: BrowserContext, origin = publicUrl()) {
		this.name = name;
		this.context = context;
		this.#origin = origin;
		context.on("console", (message) => {
			if (message.type() === "error" || message.type() === "warning")
				this.#note(message.text(), message.location().url);
		});
		context.on("weberror", (error) => this.#note(`uncaught: ${error.error()}`));
	}

	get page(): Page {
		if (!this.#page) throw new Error(`${this.name} has no page open`);
		return this.#page;
	}

	get complaints(): readonly string[] {
		return this.#complaints;
	}

	/** Takes a name and opens the first page; with `path`, by way of the page that asks for the name there. */
	async signIn(path?: string): Promise<void> {
		this.#page = await this.context.newPage();
		if (path === undefined) {
			const origin = this.#origin;
			const taken = { data: { name: this.name }, headers: { origin } };
			expect((await this.context.request.post(`${origin}/api/sign-in/name`, taken)).ok()).toBe(true);
			await this.page.goto(origin);
		} else {
			await this.page.goto(path);
			await this.page.getByRole("textbox", { name: "Your name" }).fill(this.name);
			await this.page.getByRole("button", { name: "Continue" }).click();
		}
		await this.isConnected();
	}

	/** A second tab of the same browser. */
	async newTab(path: string): Promise<Page> {
		const page = await this.context.newPage();
		await page.goto(path);
		return page;
	}

	async isConnected(): Promise<void> {
		await expect(this.page.getByRole("status", { name: "Connection" })).toHaveText("Connected", { timeout: 20_000 });
	}

	/** What the browser says of something this test does on purpose. */
	mayHear(pattern: RegExp): void {
		this.#allowed.push(pattern);
	}

	mayLoseServer(): void {
		this.#isServerAway = true;
	}

	hasServer(): void {
		this.#isServerAway = false;
	}

	#note(text: string, url = ""): void {
		const allowed = this.#isServerAway ? [...this.#allowed, ...SERVER_IS_AWAY] : this.#allowed;
		if (allowed.some((pattern) => pattern.test(text))) return;
		this.#complaints.push(`${text} ${url}`);
	}
}
