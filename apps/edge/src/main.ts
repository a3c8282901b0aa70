import { openDoor } from "./door.ts";
import { readSettings } from "./settings.ts";

const door = await openDoor(readSettings(process.env));
let isEnding = false;
for (const signal of ["SIGTERM", "SIGINT"] as const)
	process.on(signal, () => {
		if (isEnding) return;
		isEnding = true;
		door.drain().then(() => process.exit(0));
	});
process.stdout.write("edge ready\n");
