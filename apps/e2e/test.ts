import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import { Person } from "./person.ts";
import setUp from "./set-up.ts";
import { publicUrl } from "./stack.ts";

export type Newcomer = (name: string, options?: BrowserContextOptions & { readonly path?: string }) => Promise<Person>;

const STACK_MS = 120_000;

/** `person("Ada")`: somebody new, signed in, whose console must stay empty. Each worker has a stack of its own to kill. */
export const test = base.extend<{ person: Newcomer }, { stackUrl: string }>({
	stackUrl: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its pattern.
		async ({}, use) => {
			const tearDown = await setUp();
			await use(publicUrl());
			await tearDown();
		},
		{ scope: "worker", timeout: STACK_MS },
	],
	baseURL: ({ stackUrl }, use) => use(stackUrl),
	person: async ({ browser }, use) => {
		const people: Person[] = [];
		await use(async (name, { path, ...options } = {}) => {
			const person = new Person(`${name} ${suffix()}`, await browser.newContext(options), options.baseURL);
			people.push(person);
			await person.signIn(path);
			return person;
		});
		const complaints = people.flatMap((person) => person.complaints.map((text) => `${person.name}: ${text}`));
		await Promise.all(people.map((person) => person.context.close()));
		expect(complaints, "nothing in any console").toEqual([]);
	},
});

/** Names are unique on a server, and every test shares one. */
export const suffix = (): string => Math.random().toString(36).slice(2, 6);
export const newRoom = (name: string): string => `${name}-${suffix()}`;

/** Nothing on it moves without an end: that would keep the browser drawing while nobody does anything. */
export async function expectAtRest(page: Page): Promise<void> {
	const moving = () =>
		document
			.getAnimations()
			.filter(({ effect }) => effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY)
			.map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.outerHTML ?? "") : ""));
	await expect.poll(() => page.evaluate(moving)).toEqual([]);
}

/** No violation of WCAG 2.2 A and AA that axe can find. */
export async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
		// It reads the initials of an avatar, which are decoration beside the name and hidden from screen readers.
		.disableRules("label-content-name-mismatch")
		.analyze();
	expect(
		violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.html).join(" ")})`),
	).toEqual([]);
}

export { expect };
