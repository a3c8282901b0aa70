import { expect, expectAccessible, suffix, test } from "../test.ts";
import { WorkspacePage } from "../workspace-page.ts";

test("two people share one terminal: who comes late sees what was said, and what is printed can only be seen", async ({
	person,
}) => {
	test.setTimeout(90_000);
	const ada = await person("Ada");
	const here = new WorkspacePage(ada.page);
	const name = `shell-${suffix()}`;
	await here.create(name);
	await ada.page.keyboard.press("Alt+Shift+KeyT");
	const screen = ada.page.getByTestId("terminal");
	await ada.page.getByRole("button", { name: "Open the terminal" }).click();
	const keys = ada.page.getByRole("textbox", { name: "Terminal. Shift+Escape leaves it." });
	const isHere = await Promise.race([
		expect(keys)
			.toBeVisible({ timeout: 30_000 })
			.then(() => true),
		ada.page
			.getByText(/There is no terminal here/)
			.waitFor()
			.then(() => false),
	]);
	test.skip(!isHere, "nothing can be confined on this machine, and the page says so");

	await keys.focus();
	await ada.page.keyboard.type("echo said-$((40+2))\n");
	await expect(screen.getByText("said-42")).toBeVisible();
	await ada.page.keyboard.type(
		"printf '\\e]0;owned\\a\\e]52;c;b3duZWQ=\\a\\e]8;;https://evil.test\\ahere\\e]8;;\\a\\n'\n",
	);
	await expect(screen.getByText("here", { exact: true })).toBeVisible();
	await expect(ada.page).toHaveTitle(new RegExp(name));
	await expect(screen.getByRole("link")).toHaveCount(0);

	const ben = await person("Ben", { path: new URL(ada.page.url()).pathname });
	await ben.page.keyboard.press("Alt+Shift+KeyT");
	const other = ben.page.getByTestId("terminal");
	await expect(other.getByText("said-42")).toBeVisible();
	await ben.page.getByRole("textbox", { name: "Terminal. Shift+Escape leaves it." }).focus();
	await ben.page.keyboard.type("echo from-ben-$((1+1))\n");
	await expect(ada.page.getByText(/Ben .* is typing/)).toBeVisible();
	await expect(screen.getByText("from-ben-2")).toBeVisible();
	await expectAccessible(ben.page);

	await ada.page.reload();
	await expect(screen.getByText("from-ben-2")).toBeVisible();
	await keys.focus();
	await ada.page.keyboard.press("Shift+Escape");
	await expect(ada.page.getByRole("button", { name: "Read lines aloud" })).toBeFocused();
	await ben.page.getByRole("button", { name: "Close the terminal" }).click();
	await expect(ada.page.getByText(/^Closed by Ben/)).toBeVisible();
	await ada.page.getByRole("button", { name: "Open it again" }).click();
	await expect(keys).toBeVisible();
	await expect(screen.getByText("said-42")).toHaveCount(0);
});
