import { z } from "zod";
import type { Exchange } from "../agent/agent-host.ts";
import type { Db } from "../agent/db.ts";

/** Lines of the transcript that are read: the first ones, and the newest. */
const FIRST = 50;
const NEWEST = 500;

const Line = z.object({ id: z.number(), turnId: z.string(), type: z.enum(["user", "text"]), text: z.string() });

const LINES = `SELECT id, turn_id AS turnId, body ->> 'type' AS type, body ->> 'text' AS text FROM items
	WHERE body ->> 'type' IN ('user', 'text') AND turn_id NOT IN (SELECT id FROM turns WHERE status = 'running')`;

/** What was asked and answered in turns that have ended, oldest first; of a long workspace its beginning and its end. */
export const exchanges = async (db: Db): Promise<Exchange[]> => {
	const first = await db.execute(`${LINES} ORDER BY id LIMIT ?`, FIRST);
	const newest = await db.execute(`${LINES} ORDER BY id DESC LIMIT ?`, NEWEST);
	const rows = [...first, ...newest].map((row) => Line.parse(row));
	const byId = new Map(rows.map((line) => [line.id, line]));
	const byTurn = new Map<string, { asked: string; answered: string }>();
	for (const { turnId, type, text } of [...byId.values()].sort((a, b) => a.id - b.id)) {
		const exchange = byTurn.get(turnId) ?? { asked: "", answered: "" };
		exchange[type === "user" ? "asked" : "answered"] += text;
		byTurn.set(turnId, exchange);
	}
	return [...byTurn.values()].filter(({ asked }) => asked !== "");
};
