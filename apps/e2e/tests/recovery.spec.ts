import type { Person } from "../person.ts";
import { RoomPage } from "../room-page.ts";
import { isBack, killPart } from "../stack.ts";
import { expect, newRoom, test } from "../test.ts";

/** What died is started again, and both ends find each other. */
const RECOVERY_MS = 45_000;

test.describe.configure({ timeout: 180_000 });

for (const part of ["rooms", "workspaces", "engine", "edge", "web"] as const) {
	test(`kill -9 of ${part}: both pages recover by themselves with nothing lost or doubled`, async ({ person }) => {
		const room = newRoom(`kill-${part}`);
		const people = [await person("Ada"), await person("Bob")] as const;
		const [hers, his] = [new RoomPage(people[0].page), new RoomPage(people[1].page)];
		await hers.open(room);
		await his.join(room);
		await hers.send(room, "before the kill");
		await his.shows(["before the kill"]);

		const during = await loseServer(people, async () => {
			const killed = killPart(part);
			await hers.send(room, "while it is dead");
			await isBack(part, killed);
			await expect(his.message("while it is dead")).toHaveCount(1, { timeout: RECOVERY_MS });
			return ["before the kill", "while it is dead"];
		});
		await his.send(room, "after the kill");
		for (const each of [hers, his]) await each.shows([...during, "after the kill"]);
		await expect(hers.messages.getByRole("article", { name: /Sending|not sent/ })).toHaveCount(0);

		await Promise.all(people.map(({ page }) => page.reload()));
		for (const each of [hers, his]) await each.shows([...during, "after the kill"]);
	});
}

/** What browsers say about an absent server is allowed while `work` runs and until everybody is connected again. */
async function loseServer<T>(people: readonly Person[], work: () => Promise<T>): Promise<T> {
	for (const each of people) each.mayLoseServer();
	const result = await work();
	for (const each of people) await each.isConnected();
	for (const each of people) each.hasServer();
	return result;
}
