import { RoomPage } from "../room-page.ts";
import { publicUrl } from "../stack.ts";
import { expect, newRoom, test } from "../test.ts";

test("a link to a message opens the room at that message", async ({ person }) => {
	const room = newRoom("links");
	const ada = await person("Ada", { permissions: ["clipboard-read", "clipboard-write"] });
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	for (let i = 1; i <= 9; i++) await hers.send(room, `part ${i};\n${"filler\n".repeat(12)}`);
	await hers.shows(["part 9;"]);
	await hers.messages.evaluate((log) => log.scrollTo(0, 0));
	await hers.messages.getByText("part 2;").hover();
	await ada.page.getByRole("button", { name: "Copy link" }).click();
	const link = await ada.page.evaluate(() => navigator.clipboard.readText());
	expect(link).toMatch(/\/r\/r-[a-z0-9-]+\?m=2$/);
	const page = await ada.newTab(link);
	await expect(new RoomPage(page).messages.getByText("part 2;")).toBeInViewport();
});

test("a link leads where it says after signing in", async ({ person }) => {
	const room = newRoom("invited");
	const ada = await person("Ada");
	await new RoomPage(ada.page).open(room);
	await new RoomPage(ada.page).send(room, "welcome");
	const { pathname } = new URL(ada.page.url());
	const bob = await person("Bob", { path: pathname });
	await expect(bob.page).toHaveURL(`${publicUrl()}${pathname}`);
	await bob.page.getByRole("button", { name: "Join room" }).click();
	await new RoomPage(bob.page).shows(["welcome"]);
});

test("a room and a workspace that do not exist say so", async ({ person }) => {
	const ada = await person("Ada");
	ada.mayHear(/^Failed to load resource: the server responded with a status of 404 /);
	// The stock client may be connecting once more when we hear that it is not there, and closes that.
	ada.mayHear(
		/^WebSocket connection to \S+w-nowhere' failed: WebSocket is closed before the connection is established/,
	);
	await ada.page.goto("/w/w-nowhere");
	await expect(ada.page.getByRole("heading", { name: "This workspace is not open to you" })).toBeVisible();
	await ada.page.goto("/r/r-nowhere");
	await expect(ada.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();
	await ada.page.getByRole("link", { name: "Go to #general" }).click();
	await expect(ada.page.getByRole("heading", { name: "general", level: 1 })).toBeVisible();
	await ada.page.goto("/nowhere");
	await expect(ada.page.getByRole("link", { name: /general|home/i })).toBeVisible();
});
