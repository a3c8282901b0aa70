/**
 * Posts to a room and prompts a workspace from a script.
 *
 *     pnpm dev                                                        # in another terminal: prints the URL
 *     node packages/client/examples/post-and-prompt.ts http://127.0.0.1:4040
 *
 * It signs in by name, which a development server on this machine allows. For a real account use
 * `signInWithPassword(url, email, password)`.
 */
import { connectBullpen } from "../src/bullpen.ts";
import { signInWithName } from "../src/sign-in.ts";
import { until } from "../src/until.ts";

const url = process.argv[2] ?? process.env.BULLPEN_PUBLIC_URL ?? "http://127.0.0.1:4040";
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const within = (seconds: number): AbortSignal => AbortSignal.timeout(seconds * 1000);

const bullpen = await connectBullpen({ url, fetch: await signInWithName(url, "Script") });
say(`I am ${bullpen.me.name} (${bullpen.me.id}).`);

// A room is there for everyone under its name. Reading and writing need a membership, which is an act of its own.
const room = await bullpen.openRoom({ name: "general" });
await room.loaded(within(20));
if (room.store.getSnapshot().me === null) await room.store.join();

// `send` never fails for want of a connection: it is told again, with the same nonce, until the room took or refused it.
const nonce = room.store.send({ text: `A script was here at ${new Date().toLocaleTimeString()}.` });
const message = await until(
	room.store,
	({ messages, outgoing }) => {
		const mine = outgoing.find((each) => each.nonce === nonce);
		if (mine?.state.type === "failed") throw mine.state.problem;
		return messages.find((each) => each.nonce === nonce);
	},
	within(20),
);
say(`Message ${message.id} is in the room.`);

// A workspace is a shared session of a coding agent. The demo agent needs no key.
const workspace = await bullpen.createWorkspace({ name: "From a script", agent: "demo" });
await workspace.loaded(within(20));
workspace.store.prompt("create hello.txt with: Hello from a script");

// It asks before it writes. Anybody who may prompt can answer; here the script does, by the first option that allows.
const answered = new Set<string>();
const turn = await until(
	workspace.store,
	({ transcript }) => {
		for (const { id, title, options } of transcript.pendingPermissions) {
			const allow = options.find(({ kind }) => kind.startsWith("allow"));
			if (allow === undefined || answered.has(id)) continue;
			answered.add(id);
			say(`The agent asks: ${title} — ${allow.name}.`);
			void workspace.store.control.answerPermission(id, allow.optionId);
		}
		return [...transcript.turns.values()].find(({ status }) => status !== "running");
	},
	within(120),
);
for (const { body } of workspace.store.getSnapshot().transcript.items) {
	if (body.type === "text") say(`agent: ${body.text.trim()}`);
	if (body.type === "tool") say(`  [${body.status}] ${body.title}`);
}
say(`The turn ${turn.status}.`);

bullpen.close();
