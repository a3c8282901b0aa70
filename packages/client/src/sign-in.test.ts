import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { signInWithPassword } from "./sign-in.ts";

test("a script names the server as its origin, without which the accounts refuse what Node's fetch sends", async () => {
	let origin: string | undefined;
	const server = createServer((request, response) => {
		origin = request.headers.origin;
		response.setHeader("content-type", "application/json").end('{"ok":true}');
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	try {
		await signInWithPassword(`${url}/`, "ada@example.org", "correct horse battery");
		expect(origin).toBe(url);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});
