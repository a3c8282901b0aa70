import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { startDoorAlone } from "./fake-engine.ts";
import { ask } from "./raw.ts";

const FILE = "/api/files?room=general&name=a";
const HOUR = 60 * 60_000;

interface Sending {
	readonly socket: Socket;
	readonly finish: () => void;
	readonly heard: () => string;
	readonly closed: Promise<unknown>;
}

/** A request whose body comes in drops and never ends by itself. */
function drip(port: number, start: string, headers: readonly string[] = []): Sending {
	const socket = connect(port, "127.0.0.1");
	socket.on("error", () => {});
	const closed = new Promise((resolve) => socket.once("close", resolve));
	let text = "";
	socket.on("data", (chunk) => {
		text += chunk;
	});
	socket.write([`${start} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, "", ""].join("\r\n"));
	const drops = setInterval(() => socket.writable && socket.write("2\r\nxx\r\n"), 10);
	onTestFinished(() => {
		clearInterval(drops);
		socket.destroy();
	});
	const finish = (): void => {
		clearInterval(drops);
		socket.write("0\r\n\r\n");
	};
	return { socket, finish, closed, heard: () => text };
}
const CHUNKED = "Transfer-Encoding: chunked";

test.each([
	...["POST /api/ticket", "POST /api/uploads/x", "POST /api/files/general", "PUT /api/uploads", "GET /api/uploads"],
	...["GET /healthz", `GET ${FILE}`, "POST /rivet/nothing", "DELETE /api/x"],
])("%s has no hour for its body, though uploads have", async (start) => {
	const { port } = await startDoorAlone({ edgeWebMs: 200, messageFileUploadMs: HOUR });
	const { closed, heard } = drip(port, start, [CHUNKED]);
	await closed;
	expect(heard()).toMatch(/^(?:HTTP\/1\.1 (?:200|404|503) |$)/);
});

test("a body that says its length and does not keep to it is refused with the reason", async () => {
	const { port } = await startDoorAlone({ edgeWebMs: 200 });
	const { closed, heard } = drip(port, "POST /api/ticket", ["Content-Length: 100000"]);
	await closed;
	expect(heard()).toMatch(/^HTTP\/1\.1 503 .*"This came too slowly\. Try again\."/s);
});

test.each(["/api/uploads", "/api/uploads?for=room", FILE])(
	"an upload to %s takes longer than anything else may, while others are answered, and not for ever",
	async (target) => {
		const { port, webBodies } = await startDoorAlone({ edgeWebMs: 150, messageFileUploadMs: HOUR });
		const upload = drip(port, `POST ${target}`, [CHUNKED]);
		const other = drip(port, "POST /api/ticket", [CHUNKED]);
		await other.closed;
		expect((await ask(port, { target: "/" })).status).toBe(200);
		upload.finish();
		await vi.waitFor(() => expect(upload.heard()).toMatch(/^HTTP\/1\.1 200 /));
		expect(webBodies).toHaveLength(1);

		const hasty = await startDoorAlone({ edgeWebMs: 50, messageFileUploadMs: 200 });
		const late = drip(hasty.port, `POST ${target}`, [CHUNKED]);
		await late.closed;
		expect(late.heard()).toMatch(/^HTTP\/1\.1 503 /);
	},
);

test("an upload that the web has refused goes on no longer", async () => {
	const { port } = await startDoorAlone({ edgeWebMs: 200, messageFileUploadMs: HOUR });
	const { closed, heard } = drip(port, `POST ${FILE}`, [CHUNKED, "X-Unread: 1"]);
	await closed;
	expect(heard()).toMatch(/^HTTP\/1\.1 401 /);
});

test("slow bodies hold no more connections than an address may have", async () => {
	const { port } = await startDoorAlone({ edgeSocketsPerAddress: 3 });
	const slow = Array.from({ length: 3 }, () => drip(port, `POST ${FILE}`, [CHUNKED]));
	for (const { socket } of slow) await once(socket, "connect");
	await drip(port, `POST ${FILE}`, [CHUNKED]).closed;
	for (const { socket } of slow) expect(socket.destroyed).toBe(false);
	slow[0]?.socket.destroy();
	await vi.waitFor(async () => expect((await ask(port, { target: "/" })).status).toBe(200));
});
