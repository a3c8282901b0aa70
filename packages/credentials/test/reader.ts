/** Another process that has the credentials open: answers each line `<provider>` with the server's key, hashed. */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { openCredentials } from "../src/open.ts";
import { Provider, SERVER } from "../src/provider.ts";

const credentials = openCredentials(process.env, () => undefined);
process.stdout.write("open\n");
for await (const line of createInterface({ input: process.stdin })) {
	const key = credentials.find(SERVER, Provider.parse(line))?.key.reveal();
	process.stdout.write(`${key === undefined ? "none" : createHash("sha256").update(key).digest("hex")}\n`);
}
