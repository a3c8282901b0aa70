import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { budgetTable } from "./budget-rows.ts";
import { engineMemory } from "./engine-memory.ts";
import { benchInbox, INBOX_FULL, INBOX_QUICK } from "./inbox.ts";
import { profile } from "./profile.ts";
import { tableOf } from "./report.ts";
import { resourceTable } from "./resources.ts";
import { benchRooms } from "./rooms.ts";
import { FULL, QUICK } from "./rows.ts";
import { benchSearch, SEARCH_FULL, SEARCH_QUICK } from "./search/search.ts";
import { graphOf } from "./soak/graph.ts";
import { soak } from "./soak/soak.ts";
import { SIDES, type Side } from "./stand.ts";
import { benchWorkspace, WORKSPACE_FULL, WORKSPACE_QUICK } from "./workspace.ts";

const USAGE = `usage: pnpm bench <what>
  rooms [--quick] [--only <words of a row's title>] [--sides ${SIDES.join(",")}] [--json <file>]
  workspace [--quick] [--only <words of a title>] [--json <file>]
  search [--quick] [--json <file>]
  inbox [--quick] [--only <words of a title>] [--json <file>]
  soak --minutes <n> [--into <folder>]     100 messages/s to 300 listeners who come and go: soak.json and soak.svg
  engine [--megabytes <n>] [--json <file>]   memory of the engine while actors write
  profile [--sides <a,b>] [--seconds <n>] [--rooms <n>] [--cpu-profiles <folder>]   CPU of a lone message, by process and thread
`;
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		json: { type: "string" },
		quick: { type: "boolean", default: false },
		only: { type: "string", default: "" },
		sides: { type: "string" },
		megabytes: { type: "string", default: "2000" },
		minutes: { type: "string", default: "60" },
		into: { type: "string", default: "." },
		seconds: { type: "string", default: "10" },
		rooms: { type: "string", default: "200" },
		"cpu-profiles": { type: "string" },
	},
});
const say = (line: string): void => {
	process.stderr.write(`${line}\n`);
};
process.exit(await work(positionals[0] ?? ""));

async function work(what: string): Promise<number> {
	switch (what) {
		case "rooms": {
			const sizes = values.quick ? QUICK : FULL;
			const only = new RegExp(values.only, "i");
			const { results, rows, resources } = await benchRooms({ sizes, only, sides: sidesOf(SIDES), say });
			process.stdout.write(`${tableOf(rows)}\n\n${resourceTable(resources)}\n`);
			if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, "\t")}\n`);
			return results.every((each) => each.value !== null) ? 0 : 1;
		}
		case "workspace": {
			const sizes = values.quick ? WORKSPACE_QUICK : WORKSPACE_FULL;
			const { results, hasFailed } = await benchWorkspace(sizes, new RegExp(values.only, "i"), say);
			process.stdout.write(`${budgetTable(results)}\n`);
			if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, "\t")}\n`);
			return hasFailed ? 1 : 0;
		}
		case "search": {
			const { results, hasFailed } = await benchSearch(values.quick ? SEARCH_QUICK : SEARCH_FULL, say);
			process.stdout.write(`${budgetTable(results)}\n`);
			if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, "\t")}\n`);
			return hasFailed ? 1 : 0;
		}
		case "inbox": {
			const sizes = values.quick ? INBOX_QUICK : INBOX_FULL;
			const { results, hasFailed } = await benchInbox(sizes, new RegExp(values.only, "i"), say);
			process.stdout.write(`${budgetTable(results)}\n`);
			if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, "\t")}\n`);
			return hasFailed ? 1 : 0;
		}
		case "soak": {
			const record = await soak(Number(values.minutes), say);
			mkdirSync(values.into, { recursive: true });
			writeFileSync(join(values.into, "soak.json"), `${JSON.stringify(record, null, "\t")}\n`);
			writeFileSync(join(values.into, "soak.svg"), graphOf(record));
			return record.problems.length === 0 ? 0 : 1;
		}
		case "engine": {
			const samples = await engineMemory(Number(values.megabytes), say);
			if (values.json) writeFileSync(values.json, `${JSON.stringify(samples, null, "\t")}\n`);
			return 0;
		}
		case "profile": {
			const sides = sidesOf(["direct", "edge", "ws-sqlite"]);
			const [seconds, rooms] = [Number(values.seconds), Number(values.rooms)];
			const table = await profile({ sides, seconds, rooms, cpuProfiles: values["cpu-profiles"], say });
			process.stdout.write(`${table}\n`);
			return 0;
		}
		default:
			process.stderr.write(USAGE);
			return 2;
	}
}

function sidesOf(usual: readonly Side[]): readonly Side[] {
	const asked = values.sides?.split(",").map((each) => each.trim());
	const unknown = asked?.filter((each) => !SIDES.some((side) => side === each)) ?? [];
	if (unknown.length > 0) {
		say(`no such side: ${unknown.join(", ")}\n${USAGE}`);
		process.exit(2);
	}
	return asked ? SIDES.filter((side) => asked.includes(side)) : usual;
}
