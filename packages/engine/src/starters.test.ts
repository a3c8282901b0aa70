import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { isAlive } from "../test/processes.ts";

test.runIf(process.platform === "linux")(
	"a command notices that what started it was killed, several programs away",
	async () => {
		const command = `import { watchStarters } from ${JSON.stringify(join(import.meta.dirname, "starters.ts"))};
			const areThere = watchStarters();
			process.stdout.on("error", () => {});
			process.stdout.write(process.pid + "\\n");
			setInterval(() => areThere() || process.exit(), 20);`;
		const middle = `const { spawn } = require("node:child_process");
			spawn("sh", ["-c", '"$0" --input-type=module -e "$1"; :', process.execPath, process.argv[1]], { stdio: "inherit" });`;
		const outermost = spawn(process.execPath, ["-e", middle, command], { stdio: ["ignore", "pipe", "ignore"] });
		const [line] = await once(createInterface({ input: outermost.stdout }), "line");
		const pid = Number(line);
		expect(isAlive(pid)).toBe(true);
		outermost.kill("SIGKILL");
		await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
	},
);
