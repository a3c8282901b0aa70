/**
 * Tells a room how builds went: it takes GitHub's `workflow_run` deliveries, proves that they are GitHub's, and says the end
 * of each run once, however often it is delivered.
 *
 *   BULLPEN_URL=http://127.0.0.1:4040 BULLPEN_BOT_TOKEN=bpb_… GITHUB_WEBHOOK_SECRET=… PORT=4100 \
 *     pnpm --filter @bullpen/examples build-bot <room id>
 *
 * The room's id is the last part of its address (…/r/general). Scopes: read, write.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { startBot } from "@bullpen/client/bot";

const { BULLPEN_URL: url = "http://127.0.0.1:4040", BULLPEN_BOT_TOKEN: token = "", PORT = "4100" } = process.env;
const secret = process.env.GITHUB_WEBHOOK_SECRET ?? "";
const [roomId] = process.argv.slice(2);
if (roomId === undefined || secret === "") throw new Error("Say a room's id, and set GITHUB_WEBHOOK_SECRET.");
const BODY_BYTES_MAX = 1024 * 1024;
const MARKS: Readonly<Record<string, string>> = { success: "✅", failure: "❌", cancelled: "⏹️", timed_out: "⏱️" };

const bot = await startBot({ url, token });
const server = createServer((request, response) => {
	receive(request).then(
		(status) => response.writeHead(status).end(),
		(error) => response.writeHead(503).end(String(error)),
	);
}).listen(Number(PORT), "127.0.0.1", () => {
	process.stdout.write(`builds are told as ${bot.bullpen.me.name}, on port ${PORT}\n`);
});
const stop = (): void => {
	server.close().closeAllConnections();
	bot.close();
};
process.once("SIGINT", stop).once("SIGTERM", stop);
void bot.refused.then(({ message }) => {
	process.stderr.write(`${message}\n`);
	process.exitCode = 1;
	stop();
});

/** Answers with a status: what GitHub sees, and what makes it deliver again. */
async function receive(request: IncomingMessage): Promise<number> {
	const body = await bytesOf(request);
	if (body === undefined) return 413;
	if (!isGitHubs(body, String(request.headers["x-hub-signature-256"] ?? ""))) return 401;
	if (request.headers["x-github-event"] !== "workflow_run") return 204;
	const { action, workflow_run: run, repository } = JSON.parse(body.toString("utf8"));
	if (action !== "completed") return 204;
	const words = `${MARKS[run.conclusion] ?? "❔"} **${run.name}** of ${repository.full_name} on \`${run.head_branch}\``;
	await bot.say(String(roomId), `${words}: [${run.conclusion}](${run.html_url})`, `run-${run.id}-${run.run_attempt}`);
	return 200;
}

/** Undefined for too many: read to the end all the same, since whoever still sends hears no answer. */
async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		bytes += chunk.length;
		if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
	}
	return bytes <= BODY_BYTES_MAX ? Buffer.concat(chunks) : undefined;
}

function isGitHubs(body: Buffer, signature: string): boolean {
	const right = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
	const given = Buffer.from(signature);
	return given.length === right.length && timingSafeEqual(given, right);
}
