/**
 * Answers questions: whoever mentions it, or writes to it directly, gets the answer to what they asked, from a file of
 * lines like `vpn, remote access = Ask for a key in #it, then …`. It keeps nothing: what it missed it answers when it is back.
 *
 *   BULLPEN_URL=http://127.0.0.1:4040 BULLPEN_BOT_TOKEN=bpb_… pnpm --filter @bullpen/examples answer-bot answers.txt
 *
 * Scopes: read, write, react.
 */
import { readFileSync } from "node:fs";
import { type HeardMessage, startBot } from "@bullpen/client/bot";

const { BULLPEN_URL: url = "http://127.0.0.1:4040", BULLPEN_BOT_TOKEN: token = "" } = process.env;
const [file] = process.argv.slice(2);
const answers = file === undefined ? [] : answersIn(readFileSync(file, "utf8"));

const bot = await startBot({ url, token, onMessage: answer, onError: (error) => tell(String(error)) });
tell(`answers as ${bot.bullpen.me.name}, and knows ${answers.length} answers`);
process.once("SIGINT", () => bot.close()).once("SIGTERM", () => bot.close());
void bot.refused.then(({ message }) => {
	tell(message);
	process.exitCode = 1;
	bot.close();
});

async function answer(heard: HeardMessage): Promise<void> {
	if (!heard.isForMe) return;
	const question = heard.text.toLowerCase();
	if (question === "") return heard.react("👋");
	const known = answers.find(({ words }) => words.some((word) => question.includes(word)));
	await heard.reply(known?.text ?? `I have no answer to “${heard.text}”. I know about: ${topics()}.`);
}

function answersIn(text: string): { words: string[]; text: string }[] {
	return text.split("\n").flatMap((line) => {
		const [words = "", ...said] = line.split("=");
		const names = words.split(",").map((word) => word.trim().toLowerCase());
		return said.length === 0 ? [] : [{ words: names.filter((word) => word !== ""), text: said.join("=").trim() }];
	});
}

function topics(): string {
	return answers.map(({ words }) => words[0]).join(", ") || "nothing yet";
}

function tell(line: string): void {
	process.stdout.write(`${line}\n`);
}
