import { type ScriptedModel, startScriptedModel } from "@bullpen/scripted-model/server";
import type { Page } from "@playwright/test";
import { AgentJourney, CLAUDE, CODEX, INSTALL_MS, OPENCODE } from "../agent-journey.ts";
import { shareAgents } from "../agents-cache.ts";
import { type OwnStack, startOwnStack } from "../own-stack.ts";
import { expect, expectAccessible, test } from "../test.ts";

/** Every run tries codex with its real package; the others, which take a gigabyte: `pnpm test:agents`. */
const HAS_ALL = process.env.BULLPEN_TEST_AGENTS === "all" || process.env.NIGHTLY === "1";
const KEY = "sk-test-of-the-start-command-0001";

let model: ScriptedModel;
let stack: OwnStack;

test.beforeAll(async () => {
	model = await startScriptedModel({ key: KEY });
	const forOpenAI = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${model.url}/v1` };
	const forAnthropic = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: model.url };
	stack = await startOwnStack({ ...forOpenAI, ...(HAS_ALL && forAnthropic) }, shareAgents);
});
test.afterAll(async () => {
	await stack?.stop();
	await model?.close();
});

for (const agent of HAS_ALL ? [CODEX, CLAUDE, OPENCODE] : [CODEX]) {
	test(`${agent.title} works for whoever starts the server with a key, and remembers after a kill`, async ({
		person,
	}) => {
		test.setTimeout(2 * INSTALL_MS);
		const ada = await person("Ada", { baseURL: stack.url });
		const journey = new AgentJourney(agent, { person: ada, stack, model });
		const obstacle = await journey.choose();
		test.skip(obstacle !== undefined, `${agent.title} cannot work on this machine: ${obstacle}`);
		await test.step("a first answer", () => journey.begins());
		await test.step("a file", () => journey.writes());
		await test.step("an allowed command", () => journey.runsWhatIsAllowed());
		await test.step("a denied command", () => journey.doesNotRunWhatIsDenied());
		await test.step("a plan", () => journey.plans());
		await test.step("a model that fails", () => journey.survivesTheModel());
		await test.step("a stop", () => journey.isStopped());
		await test.step("a kill", () => journey.remembersAfterAKill());
		if (agent === CODEX) await test.step("its panel", () => codexPanel(ada.page));
		expect(await ada.page.content()).not.toContain(KEY);
	});
}

test("a key is entered once, shown by its end, and pays where its owner said so", async ({ person }) => {
	test.skip(HAS_ALL, "the server has a key of its own for Anthropic, which pays");
	const ada = await person("Ada", { baseURL: stack.url, path: "/" });
	const { page } = ada;
	await page.goto("/settings");
	await page.getByRole("button", { name: "Add the key for Anthropic" }).first().click();
	await page.getByRole("textbox", { name: "Key for Anthropic" }).fill("sk-ant-of-ada-0123456789-wxyz");
	await page.getByRole("button", { name: "Store key" }).click();
	await expect(page.getByText("…wxyz")).toBeVisible();
	await expectAccessible(page);
	expect(await page.content()).not.toContain("sk-ant-of-ada");

	await page.goto("/r/general");
	await page.getByRole("button", { name: "New workspace" }).click();
	const claude = page.getByRole("radio", { name: /^Claude Code/ });
	await expect(claude).toBeVisible();
	if (await claude.isEnabled()) {
		await page.getByText("Claude Code", { exact: true }).click();
		await expect(page.getByText("Your key pays for the model.")).toBeVisible();
	}
	await page.keyboard.press("Escape");

	await page.goto("/settings");
	await page.getByRole("button", { name: "Delete the key for Anthropic" }).first().click();
	await expect(page.getByText("…wxyz")).toHaveCount(0);
});

/** What it offers, who pays, and what was used. */
async function codexPanel(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Agent: Codex" }).click();
	const panel = page.getByRole("dialog", { name: "Agent", exact: true });
	await expect(panel.getByText("The server", { exact: true })).toBeVisible();
	await expect(panel.getByText(/\d+ requests? · /)).toBeVisible();
	await expect(panel.getByRole("combobox", { name: "Mode", exact: true })).toHaveValue("auto");
	await expect(panel.getByRole("combobox", { name: "Model", exact: true })).toHaveValue(/^gpt-/);
	await panel.getByRole("combobox", { name: "Mode", exact: true }).selectOption("read-only");
	await expect(panel.getByText(/Approval is required to edit files/)).toBeVisible();
}
