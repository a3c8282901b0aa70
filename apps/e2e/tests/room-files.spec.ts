import { readFileSync } from "node:fs";
import type { JSHandle, Locator } from "@playwright/test";
import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, test } from "../test.ts";

const NOTES = "# The teapot plan\n\n1. Löffel\r\n2. 水\n";
const SKETCH = { width: 1_200, height: 800 };

test("[MAT1] [MAT4] a picture that is dropped and a text that is pasted are seen, opened and downloaded, and not by who was removed", async ({
	person,
}) => {
	const room = newRoom("files");
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	const [dropped, pasted] = [await sketch(hers), await textFile(hers)];
	await hers.messages.dispatchEvent("dragover", { dataTransfer: dropped });
	await expect(ada.page.getByText(`Add to your message to #${room}`)).toBeVisible();
	await hers.messages.dispatchEvent("drop", { dataTransfer: dropped });
	await paste(hers.composer(room), pasted);
	const waiting = ada.page.getByRole("list", { name: "Files of this message" }).getByRole("listitem");
	await expect(waiting).toHaveCount(2);
	await ada.page
		.locator("input[type=file]")
		.setInputFiles({ name: "empty.log", mimeType: "", buffer: Buffer.alloc(0) });
	await expect(waiting.getByRole("alert")).toHaveText("There is nothing in it");
	await ada.page.getByRole("button", { name: "Remove empty.log" }).click();
	await Promise.all([expectAccessible(ada.page), his.join(room)]);
	await hers.composer(room).press("Enter");
	await expect(waiting).toHaveCount(0);

	for (const { messages } of [hers, his]) {
		const picture = messages.getByRole("button", { name: "Open sketch.png" }).locator("img");
		await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
		await expect(messages.getByRole("link", { name: /^Download notes\.md/ })).toBeVisible();
	}
	const download = bob.page.waitForEvent("download");
	await his.messages.getByRole("link", { name: /^Download notes\.md/ }).click();
	expect((await download).suggestedFilename()).toBe("notes.md");
	expect(readFileSync(await (await download).path(), "utf8")).toBe(NOTES);

	const thumbnail = his.messages.getByRole("button", { name: "Open sketch.png" });
	await thumbnail.focus();
	await bob.page.keyboard.press("Enter");
	const viewer = bob.page.getByRole("dialog", { name: "sketch.png" });
	const whole = viewer.getByRole("img", { name: "sketch.png" });
	await expect.poll(() => whole.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(SKETCH.width);
	await expectAccessible(bob.page);
	const address = await viewer.getByRole("link", { name: "Open the original" }).getAttribute("href");
	const original = () => bob.context.request.get(new URL(address ?? "", bob.page.url()).href);
	expect((await original()).headers()["content-type"]).toBe("image/png");
	await bob.page.keyboard.press("Escape");
	await expect(viewer).toHaveCount(0);
	await expect(thumbnail).toBeFocused();

	await ada.page.getByRole("button", { name: /^People: / }).click();
	await ada.page.getByRole("button", { name: `More about ${bob.name}` }).click();
	await ada.page.getByRole("menuitem", { name: "Remove from the room…" }).click();
	await ada.page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
	await expect(bob.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();
	expect((await original()).status()).toBe(403);
});

/** A picture as a person has it: drawn by their own browser. */
const sketch = ({ page }: RoomPage): Promise<JSHandle<DataTransfer>> =>
	page.evaluateHandle(async ({ width, height }) => {
		const canvas = Object.assign(document.createElement("canvas"), { width, height });
		const pen = canvas.getContext("2d");
		for (let at = 0; pen !== null && at < width; at += 60) {
			pen.fillStyle = `hsl(${at / 4} 60% 50%)`;
			pen.fillRect(at, 0, 60, height);
		}
		const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
		const transfer = new DataTransfer();
		transfer.items.add(new File([blob ?? ""], "sketch.png", { type: "image/png" }));
		return transfer;
	}, SKETCH);

const textFile = ({ page }: RoomPage): Promise<JSHandle<DataTransfer>> =>
	page.evaluateHandle((text) => {
		const transfer = new DataTransfer();
		transfer.items.add(new File([text], "notes.md", { type: "text/markdown" }));
		return transfer;
	}, NOTES);

const paste = (field: Locator, clipboard: JSHandle<DataTransfer>): Promise<void> =>
	field.evaluate(
		(element, clipboardData) =>
			void element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })),
		clipboard,
	);
