import { join } from "node:path";
import { build } from "vite";
import { RoomPage } from "../../room-page.ts";
import { publicUrl } from "../../stack.ts";
import { expect, newRoom, test } from "../../test.ts";

/** The page and its three libraries as they are published, by the names of the scripts. */
async function bundled(): Promise<ReadonlyMap<string, string>> {
	const built = await build({
		configFile: false,
		logLevel: "silent",
		define: { "process.env.NODE_ENV": '"production"' },
		build: {
			write: false,
			minify: false,
			lib: { entry: join(import.meta.dirname, "page.ts"), formats: ["es"], fileName: "page" },
		},
	});
	const [first] = Array.isArray(built) ? built : [built];
	if (first === undefined || !("output" in first)) throw new Error("vite watches instead of building");
	return new Map(first.output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file.code]] : [])));
}

test("`@rivetkit/react` connects, calls, hears, is refused, and leaves without a trace", async ({ person }) => {
	test.setTimeout(90_000);
	const room = newRoom("hook");
	const ada = await person("Ada");
	ada.mayHear(/^\{msg: (?:action error|unhandled action promise rejection)/); // RivetKit's own log of a refusal
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	const roomId = new URL(ada.page.url()).pathname.slice("/r/".length);
	const ticket = await ada.page.evaluate(async (key) => {
		const body = JSON.stringify({ actors: [{ actor: "chatRoom", key }] });
		const headers = { "content-type": "application/json" };
		const answer = await fetch("/api/ticket", { method: "POST", headers, body });
		return (await answer.json()).tickets[0].ticket as string;
	}, roomId);

	const scripts = await bundled();
	const page = await ada.context.newPage();
	await page.route(`${publicUrl()}/hook/*`, (route) => {
		const body = scripts.get(route.request().url().split("/hook/")[1] ?? "") ?? "";
		return route.fulfill({ contentType: "text/javascript", body });
	});
	// Any answer of the server makes an empty page of its own origin.
	await page.goto(`${publicUrl()}/healthz#${new URLSearchParams({ room: roomId, ticket })}`);
	await page.addScriptTag({ url: `${publicUrl()}/hook/page.js`, type: "module" });

	const [status, said] = [page.getByRole("status"), page.getByRole("listitem")];
	await expect(status).toHaveText("connected");
	await page.getByRole("button", { name: "Send", exact: true }).click();
	await expect(said).toHaveText(["heard from the hook", "sendMessage is done"]);
	await hers.shows(["from the hook"]);
	await hers.send(room, "from the page");
	await expect(said.last()).toHaveText("heard from the page");
	await page.getByRole("button", { name: "Send nonsense" }).click();
	await expect(said.last()).toHaveText("user/bad_input text");
	await expect(page.getByRole("alert")).toHaveText("");

	await page.getByRole("button", { name: "Toggle" }).click();
	await expect(status).toHaveCount(0);
	await page.getByRole("button", { name: "Toggle" }).click();
	await expect(status).toHaveText("connected");
	await hers.send(room, "welcome back");
	await expect(said).toHaveText(["heard welcome back"]);
});
