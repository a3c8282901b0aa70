import { startFakePushService } from "../../../packages/actors/test/fake-push-service.ts";
import { Person } from "../person.ts";
import { PushedBrowser } from "../pushed-browser.ts";
import { RoomPage } from "../room-page.ts";
import { expect, newRoom, suffix, test } from "../test.ts";

test("[PUSH5] a mention reaches a browser that shows no page, and a click leads to the message", async ({
	person,
	browser,
	stackUrl,
}) => {
	const fake = await startFakePushService();
	const device = fake.device();
	const room = newRoom("away");
	const context = await browser.newContext();
	const pushed = new PushedBrowser(context, new URL(stackUrl).origin);
	await pushed.prepare(device);
	const bob = new Person(`Bob ${suffix()}`, context);
	const [ada] = await Promise.all([person("Ada"), bob.signIn(stackUrl)]);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	await his.join(room);

	await test.step("it is turned on, and a test reaches the screen", async () => {
		await pushed.watch(bob.page);
		await bob.page.getByRole("button", { name: bob.name }).click();
		await bob.page.getByRole("menuitem", { name: "Notifications" }).click();
		const dialog = bob.page.getByRole("dialog", { name: "Notifications" });
		await dialog.getByRole("button", { name: "Turn on" }).click();
		await expect(dialog.getByRole("heading", { name: "This device tells you" })).toBeVisible();
		await pushed.open();
		await dialog.getByRole("button", { name: "Send a test" }).click();
		await expect(dialog.getByRole("status")).toContainText("Sent.");
		await pushed.deliver(device.messages[0] ?? {});
		await pushed.shows([{ title: "Bullpen", body: "Notifications reach this device." }]);
		await pushed.click();
		await pushed.shows([]);
		await dialog.getByRole("button", { name: "Cancel" }).click();
	});

	const mention = async (text: string) => {
		await hers.composer(room).pressSequentially(`@${bob.name}`);
		await ada.page.getByRole("option", { name: bob.name }).click();
		await ada.page.keyboard.type(text);
		await ada.page.keyboard.press("Enter");
	};
	await test.step("what is said while a page is looked at is not pushed, what is said after is", async () => {
		await bob.page.goto("/home");
		await bob.isConnected();
		await mention("while you look");
		await expect(bob.page.getByRole("region", { name: "New for you" })).toContainText("while you look");
		await bob.page.goto(fake.origin); // anywhere else
		await mention("while you are away");
		await expect.poll(() => device.messages.at(-1)?.body).toContain("while you are away");
		expect(device.messages.some(({ body }) => body.includes("while you look"))).toBe(false);
		const message = device.messages.at(-1);
		await pushed.deliver(message ?? {});
		await pushed.shows([{ title: `${ada.name} in #${room}`, body: `@${bob.name} while you are away` }]);
	});

	await test.step("a click brings the open page to the message, without loading it anew", async () => {
		await bob.page.goto("/people");
		await bob.isConnected();
		await bob.page.evaluate(() => Object.assign(window, { isSame: true }));
		await pushed.click();
		await expect(bob.page).toHaveURL(/\/r\/[^?]+\?m=\d+$/);
		await expect(his.message(`@${bob.name} while you are away`)).toBeInViewport();
		expect(await bob.page.evaluate(() => Reflect.get(window, "isSame"))).toBe(true);
		await pushed.shows([]);
	});

	expect(bob.complaints).toEqual([]);
	await context.close();
	await fake.stop();
});
