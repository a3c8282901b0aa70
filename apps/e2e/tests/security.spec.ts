import { RoomPage } from "../room-page.ts";
import { expect, newRoom, test } from "../test.ts";

test("pages come with a strict policy, and what people write cannot run", async ({ person }) => {
	const room = newRoom("safe");
	const ada = await person("Ada");
	const hers = new RoomPage(ada.page);
	const response = await ada.page.reload();
	const policy = response?.headers()["content-security-policy"] ?? "";
	expect(policy).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
	expect(policy).not.toMatch(/script-src [^;]*('unsafe-inline'|'unsafe-eval'|\*)/);
	expect(policy).toContain("frame-ancestors 'none'");
	expect(policy).toContain("object-src 'none'");

	await hers.open(room);
	const attack = [
		"<script>document.title = 'owned'</script>",
		"<img src=x onerror=\"document.title = 'owned'\">",
		"[click](javascript:document.title='owned')",
		"![pixel](https://tracker.example/pixel.png)",
	].join("\n\n");
	await hers.send(room, `${attack}\n\nend of attack`);
	await expect(hers.messages.getByText("end of attack")).toBeVisible();
	expect(await ada.page.title()).not.toContain("owned");
	await expect(hers.messages.locator("script, img, a[href^='javascript:']")).toHaveCount(0);
});
