import { fileOf } from "../files.ts";
import type { Person } from "../person.ts";
import { RoomPage } from "../room-page.ts";
import { isBack, killPart } from "../stack.ts";
import { expect, newRoom, suffix, test } from "../test.ts";
import { WorkspacePage } from "../workspace-page.ts";

/** The transcript is a virtual list: on a tall screen all of it is there to be compared. */
const TALL = { viewport: { width: 1280, height: 2_400 } };

test("a newcomer talks, opens a room, works with the agent, and nothing is lost by reloads or kills", async ({
	person,
}) => {
	test.setTimeout(240_000);
	const room = newRoom("launch");
	const workspace = `greeter ${suffix()}`;
	const file = "greet.js";
	let workspaceId = "";
	const ada = await person("Ada", { ...TALL, path: "/" });
	const bob = await person("Bob", TALL);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	const [herWork, hisWork] = [new WorkspacePage(ada.page), new WorkspacePage(bob.page)];

	await test.step("the second browser sees the first one's message at once, typing and presence included", async () => {
		await expect(ada.page).toHaveURL(/\/r\/general$/);
		for (const each of [hers, his]) await each.takePart("general");
		await hers.send("general", `hello, I am ${ada.name}`);
		await his.shows([`hello, I am ${ada.name}`]);
		await his.composer("general").pressSequentially(`hi, I am ${bob.name}`);
		await expect(ada.page.getByRole("status", { name: "Typing" })).toContainText(bob.name);
		await his.composer("general").press("Enter");
		await hers.shows([`hello, I am ${ada.name}`, `hi, I am ${bob.name}`]);
		await ada.page.getByRole("button", { name: /^People: / }).click();
		await expect(ada.page.getByRole("complementary", { name: "People" }).getByText(bob.name)).toBeVisible();
	});

	await test.step("a new room's name puts one in it", async () => {
		await hers.open(room);
		await hers.send(room, "we ship today");
		await his.join(room);
		await his.send(room, "finally");
		await hers.shows(["we ship today", "finally"]);
	});

	await test.step("the agent creates, edits and runs a file; either approves; both see the same", async () => {
		workspaceId = await herWork.create(workspace);
		await hisWork.enter(workspace);
		const isVirtual = await herWork.isVirtual();
		await herWork.ask(`create ${file} containing: console.log("hello")`);
		await hisWork.answer("Allow");
		await herWork.isReady();
		if (!isVirtual) expect(fileOf(workspaceId, file)).toBe('console.log("hello")\n');
		await hisWork.ask(`replace "hello" with "hello, world" in ${file}`);
		await herWork.answer("Allow");
		await hisWork.isReady();
		if (!isVirtual) expect(fileOf(workspaceId, file)).toBe('console.log("hello, world")\n');
		await herWork.ask(`run node ${file}`);
		await expect(herWork.question).toBeVisible();
		await hisWork.answer("Allow");
		await herWork.isReady();
		await expect(herWork.question).toHaveCount(0);
		if (!isVirtual) await expect(herWork.transcript.getByText("hello, world").last()).toBeVisible();
		await expect.poll(async () => await hisWork.entries()).toEqual(await herWork.entries());
	});

	const transcript = await herWork.entries();

	await test.step("reloading both pages changes nothing", async () => {
		await Promise.all([ada.page.reload(), bob.page.reload()]);
		for (const work of [herWork, hisWork]) await expect.poll(() => work.entries()).toEqual(transcript);
	});

	for (const part of ["workspaces", "rooms", "engine"] as const) {
		await test.step(`kill -9 of ${part}: both browsers recover by themselves`, async () => {
			await surviveKill(part, [ada, bob]);
			for (const work of [herWork, hisWork]) await expect.poll(() => work.entries()).toEqual(transcript);
		});
	}

	await test.step("everything is still there, once, and goes on", async () => {
		await hers.open(room);
		await his.open(room);
		await hers.send(room, "still here");
		for (const each of [hers, his]) await each.shows(["we ship today", "finally", "still here"]);
		await herWork.enter(workspace);
		const isVirtual = await herWork.isVirtual();
		await herWork.ask(`append "// done" to ${file}`);
		await herWork.answer("Allow");
		await herWork.isReady();
		if (!isVirtual) expect(fileOf(workspaceId, file)).toBe('console.log("hello, world")\n// done\n');
	});
});

async function surviveKill(part: "workspaces" | "rooms" | "engine", people: readonly Person[]): Promise<void> {
	for (const each of people) each.mayLoseServer();
	await isBack(part, killPart(part));
	for (const each of people) await each.isConnected();
	for (const each of people) each.hasServer();
}
