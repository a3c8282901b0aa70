import { expect, expectAccessible, test } from "../test.ts";
import { twoIn } from "../two-people.ts";

const ASK = `require("node:http").request({host:"127.0.0.1",port:2470,method:"CONNECT",path:"nowhere.invalid:443"})
	.on("connect",(answer,socket)=>{console.log("said "+answer.statusCode);socket.destroy()}).end()`;

test("a sandbox is refused a host: everybody reads it, the owner allows it, and it counts at once", async ({
	person,
}) => {
	test.setTimeout(90_000);
	const { ada, bob, hers, his } = await twoIn("reach", person);
	await hers.ask(`run \`node -e '${ASK.replaceAll(/\s*\n\s*/g, "")}'\``);
	const isConfined = await Promise.race([
		hers.question.waitFor({ timeout: 40_000 }).then(() => true),
		ada.page
			.getByText("Nothing is run here.")
			.waitFor({ timeout: 40_000 })
			.then(() => false),
	]);
	test.skip(!isConfined, "nothing can be confined on this machine, and the page says so");
	await hers.answer("Allow");
	await expect(
		his.page.getByText(/The sandbox was refused nowhere\.invalid\. The owner .* can allow it/),
	).toBeVisible();
	await ada.page.getByRole("button", { name: "Allow", exact: true }).click();
	await expect(his.page.getByText(/The sandbox was refused/)).toHaveCount(0);
	await bob.page.keyboard.press("Alt+Shift+KeyS");
	await expect(bob.page.getByRole("list", { name: "Hosts that can be reached" })).toContainText("nowhere.invalid");
	await expect(bob.page.getByRole("region", { name: "Limits" })).toContainText("Memory");
	await expect(bob.page.getByRole("list", { name: "What the self-test found" })).toContainText(
		"Sees no processes but its own",
	);
	await expect(bob.page.getByRole("button", { name: "Change what the sandbox can reach" })).toHaveCount(0);
	await expectAccessible(bob.page);
});
