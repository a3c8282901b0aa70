import { connectBullpen } from "@bullpen/client/bullpen";
import { signInWithName } from "@bullpen/client/sign-in";
import { until } from "@bullpen/client/until";
import { RoomPage } from "../room-page.ts";
import { publicUrl } from "../stack.ts";
import { expect, newRoom, suffix, test } from "../test.ts";
import { twoIn } from "../two-people.ts";

/** What everybody does every day, without an accident: small enough to run in every mode of the edge. */

test("two newcomers talk, see each other type, come and go, and a reload changes nothing", async ({ person }) => {
	const room = newRoom("smoke");
	const ada = await person("Ada");
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	const people = ada.page.getByRole("button", { name: /^People: / });
	await expect(people).toHaveAccessibleName("People: 1 member, 1 here");
	const bob = await person("Bob");
	const his = new RoomPage(bob.page);
	await his.join(room);
	await expect(people).toHaveAccessibleName("People: 2 members, 2 here");

	await hers.send(room, "we ship today");
	await his.shows(["we ship today"]);
	await his.composer(room).pressSequentially("fin");
	await expect(ada.page.getByRole("status", { name: "Typing" })).toHaveText(`${bob.name} is typing…`);
	await his.send(room, "finally");
	for (const each of [hers, his]) await each.shows(["we ship today", "finally"]);

	await Promise.all([ada.page.reload(), bob.page.reload()]);
	for (const each of [hers, his]) await each.shows(["we ship today", "finally"]);
	await bob.context.close();
	await expect(people).toHaveAccessibleName("People: 2 members, 1 here");
});

test("two people and an agent work in one workspace", async ({ person }) => {
	test.setTimeout(120_000);
	const { hers, his } = await twoIn("smoke", person);
	await hers.ask('create smoke.js containing: console.log("hello")');
	await his.answer("Allow");
	for (const each of [hers, his]) await expect(each.transcript.getByText("Created smoke.js.")).toBeVisible();
	await expect.poll(() => his.entries()).toEqual(await hers.entries());
});

test("somebody who is shown out of a room hears nothing more of it, and their page says so", async ({ person }) => {
	const name = newRoom("door");
	const owner = await connectBullpen({
		url: publicUrl(),
		fetch: await signInWithName(publicUrl(), `Owner ${suffix()}`),
	});
	const { store, loaded } = await owner.openRoom({ name });
	await loaded(AbortSignal.timeout(20_000));
	const bob = await person("Bob");
	const his = new RoomPage(bob.page);
	await his.join(name);
	store.send({ text: "good bye" });
	await his.shows(["good bye"]);

	const him = await until(store, ({ members }) => [...members.keys()].find((id) => id !== owner.me.id));
	await store.governance.kick(him);
	store.send({ text: "are they gone?" });
	await until(store, ({ messages }) => messages.some(({ text }) => text === "are they gone?"));
	await expect(bob.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();
	await expect(bob.page.getByText("are they gone?")).toHaveCount(0);
	await until(store, ({ onlineUserIds }) => !onlineUserIds.has(him), AbortSignal.timeout(10_000));
	owner.close();
});
