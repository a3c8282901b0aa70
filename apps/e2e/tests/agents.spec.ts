import { type ScriptedModel, startScriptedModel } from "@bullpen/scripted-model/server";
import { shareAgents } from "../agents-cache.ts";
import { type OwnStack, startOwnStack } from "../own-stack.ts";
import { isBack, killPart } from "../stack.ts";
import { expect, expectAccessible, suffix, test } from "../test.ts";
import { WorkspacePage } from "../workspace-page.ts";

/** Of the one agent that every run tries with its real package; the others: `pnpm test:agents`. */
const KEY = "sk-test-of-the-start-command-0001";
/** Its installation, where no run before has left it. */
const INSTALL_MS = 120_000;
const TURN_MS = 60_000;

let model: ScriptedModel;
let stack: OwnStack;

test.beforeAll(async () => {
	test.setTimeout(INSTALL_MS);
	model = await startScriptedModel({ key: KEY });
	stack = await startOwnStack({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${model.url}/v1` }, shareAgents);
});
test.afterAll(async () => {
	await stack?.stop();
	await model?.close();
});

test("codex works for whoever starts the server with a key, and remembers after a kill", async ({ person }) => {
	// Each run proves codex below the browser (packages/actors/test/codex.test.ts); this takes minutes.
	test.skip(process.env.NIGHTLY !== "1", "NIGHTLY=1 runs the real codex in the browser");
	test.setTimeout(INSTALL_MS + 8 * TURN_MS);
	const ada = await person("Ada", { baseURL: stack.url });
	const hers = new WorkspacePage(ada.page);
	const { page } = ada;

	await page.getByRole("button", { name: "New workspace" }).click();
	const codex = page.getByRole("radio", { name: /^Codex/ });
	await expect(codex).toBeVisible({ timeout: TURN_MS });
	test.skip(await codex.isDisabled(), `codex cannot work on this machine: ${await codex.evaluate(cardText)}`);
	await expect(codex).toBeChecked();
	await expectAccessible(page);
	await page.getByRole("textbox", { name: "Name" }).fill(`codex ${suffix()}`);
	await page.getByRole("button", { name: "Create workspace" }).click();
	await page.waitForURL(/\/w\//);

	await hers.ask("SAY hello from the model");
	await expect(hers.transcript.getByText("hello from the model", { exact: true })).toBeVisible({ timeout: INSTALL_MS });
	await hers.isReady();

	await hers.ask("WRITE note.txt written by the agent");
	await hers.isReady();
	await expect(hers.transcript).toContainText("note.txt");
	await expect(hers.transcript).toContainText("written by the agent");

	await hers.ask("ASKRUN echo allowed > allowed.txt && cat note.txt");
	await expect(hers.question).toContainText("echo allowed", { timeout: TURN_MS });
	await hers.question.getByRole("button", { name: "Yes, proceed", exact: true }).click();
	await hers.isReady();
	await expect(hers.transcript).toContainText("answered “Yes");

	await hers.ask("ASKRUN echo denied > denied.txt");
	await expect(hers.question).toContainText("echo denied", { timeout: TURN_MS });
	await hers.question.getByRole("button", { name: /^No, and tell Codex/ }).click();
	await hers.isReady();
	await hers.ask("ASKRUN ls");
	await expect(hers.question).toBeVisible({ timeout: TURN_MS });
	await hers.question.getByRole("button", { name: "Yes, proceed", exact: true }).click();
	await hers.isReady();

	await hers.ask("PLAN");
	await expect(page.getByRole("complementary").getByText("Read the code")).toBeVisible({ timeout: TURN_MS });
	await hers.isReady();

	await hers.ask("FAIL 400");
	await expect(hers.transcript).toContainText("a scripted failure", { timeout: TURN_MS });
	await hers.isReady();

	const asked = model.requests.length;
	await hers.ask("HANG");
	await expect.poll(() => model.requests.length, { timeout: TURN_MS }).toBeGreaterThan(asked);
	await page.getByRole("button", { name: "Stop the agent" }).click();
	await expect(hers.transcript).toContainText("Stopped by", { timeout: TURN_MS });

	const killed = killPart("workspaces", stack.dataFolder);
	await isBack("workspaces", killed, stack.dataFolder);
	await hers.ask("RECALL");
	await expect(hers.transcript.getByText(/SAY hello from the model/).last()).toBeVisible({ timeout: 2 * TURN_MS });
	await hers.isReady();

	await page.getByRole("button", { name: "Agent: Codex" }).click();
	const panel = page.getByRole("dialog", { name: "Agent", exact: true });
	await expect(panel.getByText("The server", { exact: true })).toBeVisible();
	await expect(panel.getByText(/\d+ requests · /)).toBeVisible();
	await expect(panel.getByRole("combobox", { name: "Mode", exact: true })).toHaveValue("auto");
	await expect(panel.getByRole("combobox", { name: "Model", exact: true })).toHaveValue(/^gpt-/);
	await panel.getByRole("combobox", { name: "Mode", exact: true }).selectOption("read-only");
	await expect(panel.getByText(/Approval is required to edit files/)).toBeVisible();
	await expectAccessible(page);
	expect(await page.content()).not.toContain(KEY);
});

test("a key is entered once, shown by its end, and pays where its owner said so", async ({ person }) => {
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

const cardText = (radio: Element): string => radio.closest("label")?.textContent ?? "";
