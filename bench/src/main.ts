import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { tableOf } from "./report.ts";
import { benchRooms } from "./rooms.ts";
import { FULL, QUICK } from "./rows.ts";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { json: { type: "string" }, quick: { type: "boolean" }, only: { type: "string", default: "" } },
});
if (positionals[0] !== "rooms") {
	process.stderr.write("usage: pnpm bench rooms [--quick] [--only <words of a row's title>] [--json <file>]\n");
	process.exit(2);
}
const say = (line: string): void => {
	process.stderr.write(`${line}\n`);
};
const results = await benchRooms(values.quick ? QUICK : FULL, new RegExp(values.only, "i"), say);
process.stdout.write(`${tableOf(results)}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, "\t")}\n`);
process.exit(results.every((each) => each.value !== null) ? 0 : 1);
