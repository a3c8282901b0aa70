/**
 * Asks a room every working day what everybody is about to do, as a message to answer in its thread; an hour later it says who
 * answered. Started twice or late it asks once a day: the day is the key of what it says.
 *
 *   BULLPEN_URL=http://127.0.0.1:4040 BULLPEN_BOT_TOKEN=bpb_… STANDUP_AT=09:30 \
 *     pnpm --filter @bullpen/examples standup-bot <room id>
 *
 * The room's id is the last part of its address (…/r/general). Times are this machine's. Scopes: read, write.
 */
import { startBot } from "@bullpen/client/bot";

const { BULLPEN_URL: url = "http://127.0.0.1:4040", BULLPEN_BOT_TOKEN: token = "" } = process.env;
const { STANDUP_AT = "09:30", STANDUP_SUMMARY_MINUTES = "60" } = process.env;
const [roomId = ""] = process.argv.slice(2);
const [hour = Number.NaN, minute = Number.NaN] = STANDUP_AT.split(":").map(Number);
if (roomId === "" || Number.isNaN(hour + minute)) throw new Error("Say a room's id, and set STANDUP_AT like 09:30.");
const QUESTION = "Good morning! What are you working on today, and is anything in your way? Answer in the thread.";
const LATE_MS = 2 * 60 * 60_000;
const LOOK_MS = 30_000;
/** How far back it looks for its question, in pages of the room. */
const PAGES_MAX = 40;

const bot = await startBot({ url, token });
process.stdout.write(`asks as ${bot.bullpen.me.name}, every working day at ${STANDUP_AT}\n`);
const timer = setInterval(() => void look(new Date()), LOOK_MS);
const stop = (): void => {
	clearInterval(timer);
	bot.close();
};
process.once("SIGINT", stop).once("SIGTERM", stop);
void bot.refused.then(({ message }) => {
	process.stderr.write(`${message}\n`);
	process.exitCode = 1;
	stop();
});
await look(new Date());

/** What is due by now. What was said today already is not said again. */
async function look(now: Date): Promise<void> {
	const since = now.getTime() - new Date(now).setHours(hour, minute, 0, 0);
	const isWorkingDay = now.getDay() % 6 !== 0 || process.env.STANDUP_WEEKENDS === "1";
	if (!isWorkingDay || since < 0 || since > LATE_MS) return;
	const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].join("-");
	try {
		await bot.say(roomId, QUESTION, `standup-${day}`);
		if (since >= Number(STANDUP_SUMMARY_MINUTES) * 60_000) await summarise(day);
	} catch (error) {
		process.stderr.write(`${String(error)}\n`); // it looks again in half a minute
	}
}

async function summarise(day: string): Promise<void> {
	const room = bot.bullpen.room(roomId);
	try {
		await room.loaded();
		const find = () =>
			room.store.getSnapshot().messages.find(({ nonce, sender }) => nonce === `standup-${day}` && sender === bot.id);
		for (let page = 0; page < PAGES_MAX && find() === undefined; page++) await room.store.loadOlder();
		const [asked, { messages }] = [find(), room.store.getSnapshot()];
		const answers = messages.filter(({ threadOf, deletedAt }) => threadOf === asked?.id && deletedAt === undefined);
		const people = [...new Set(answers.map(({ sender }) => `<@${sender}>`))];
		if (asked === undefined || messages.some(({ nonce }) => nonce === `summary-${day}`)) return;
		await bot.say(roomId, `Answered by ${people.join(", ") || "nobody yet"}.`, `summary-${day}`, {
			threadOf: asked.id,
		});
	} finally {
		room.release();
	}
}
