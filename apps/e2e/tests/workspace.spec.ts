import { RoomPage } from "../room-page.ts";
import { isBack, killPart } from "../stack.ts";
import { expect, expectAccessible, expectAtRest, newRoom, suffix, test } from "../test.ts";
import { twoIn } from "../two-people.ts";
import { WorkspacePage } from "../workspace-page.ts";

test("prompts of two people line up and run one after the other", async ({ person }) => {
	const { ada, hers, his } = await twoIn("queue", person);
	await hers.ask("create one.txt containing: 1");
	await expect(hers.question).toBeVisible({ timeout: 30_000 });
	await his.ask("list the files");
	await ada.page.getByRole("tab", { name: /^Queue/ }).click();
	await expect(ada.page.getByRole("list", { name: "Queued prompts" })).toContainText("list the files");
	await hers.answer("Allow");
	await expect(hers.transcript.getByRole("article", { name: "Prompt" })).toHaveCount(2);
	await hers.isReady();
	await expect(hers.transcript).toContainText("one.txt");
	await expect(ada.page.getByRole("list", { name: "Queued prompts" })).toHaveCount(0);
});

test("the newest line stays in view while the transcript grows and a question takes its place", async ({ person }) => {
	const ada = await person("Ada", { viewport: { width: 1280, height: 640 } });
	const hers = new WorkspacePage(ada.page);
	await hers.create(`growing ${suffix()}`);
	const text = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join("\n");
	for (const name of ["a", "b", "c"]) {
		await hers.ask(`write ${name}.txt with:\n\`\`\`\n${text}\n\`\`\``);
		await expect(hers.question).toBeVisible({ timeout: 30_000 });
		await expect(hers.transcript.getByText("Waiting for an answer")).toBeInViewport();
		await hers.answer("Allow");
		await hers.isReady();
		await expect(hers.transcript.getByText(`Created ${name}.txt.`)).toBeInViewport();
	}
	await hers.transcript.hover();
	await ada.page.mouse.wheel(0, -2_000);
	await expect(ada.page.getByRole("button", { name: "Jump to newest" })).toBeVisible();
	await ada.page.getByRole("button", { name: "Jump to newest" }).click();
	await expect(hers.transcript.getByText("Created c.txt.")).toBeInViewport();
});

test("a denied question changes nothing, and the record says whose answer it was", async ({ person }) => {
	const { bob, hers, his } = await twoIn("denied", person);
	await hers.ask("create secret.txt containing: no");
	await his.answer("Deny");
	await hers.isReady();
	await expect(hers.transcript).toContainText(`${bob.name} answered “Deny”`);
	await hers.ask("list the files");
	await hers.isReady();
	await expect(hers.transcript.getByText("secret.txt").last()).toBeVisible();
	await expect(hers.question).toHaveCount(0);
});

test("anybody may stop the agent, and the record says who did", async ({ person }) => {
	const { bob, hers, his } = await twoIn("stopped", person);
	await hers.ask("create never.txt containing: x");
	await expect(his.question).toBeVisible({ timeout: 30_000 });
	await expectAtRest(bob.page);
	await bob.page.getByRole("button", { name: "Stop the agent" }).click();
	await expect(hers.transcript).toContainText(`Stopped by ${bob.name}.`);
	await expect(hers.question).toHaveCount(0);
	await hers.isReady();
});

test("a workspace whose process dies leaves rooms alone", async ({ person }) => {
	const room = newRoom("alone");
	const ada = await person("Ada");
	const bob = await person("Bob");
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	await his.join(room);
	const killed = killPart("workspaces");
	for (let i = 1; i <= 5; i++) {
		await hers.send(room, `message ${i};`);
		await expect(his.message(`message ${i};`)).toBeVisible({ timeout: 1_000 });
	}
	await isBack("workspaces", killed);
});

for (const colorScheme of ["light", "dark"] as const) {
	test(`a workspace is accessible, ${colorScheme}`, async ({ person }) => {
		const ada = await person("Ada", { colorScheme });
		const hers = new WorkspacePage(ada.page);
		await hers.create(`axe ${suffix()}`);
		await expectAccessible(ada.page);
		await hers.ask("create a.js containing: console.log(1)");
		await expect(hers.question).toBeVisible({ timeout: 30_000 });
		await expectAccessible(ada.page);
		await hers.answer("Allow");
		await hers.isReady();
		await hers.ask("run node a.js");
		await hers.answer("Allow");
		await hers.isReady();
		await expectAccessible(ada.page);
	});
}
