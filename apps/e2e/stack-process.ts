// The real stack on the data folder given as argument, until SIGTERM. Says its address on one line when it is ready.
import { readBootSettings } from "@bullpen/engine/boot";
import { startStack } from "@bullpen/engine/stack";

const [dataFolder = ""] = process.argv.slice(2);
const mode = process.env.BULLPEN_EDGE_MODE;
const { forWorkspaces, forWeb } = readBootSettings({ ...process.env, BULLPEN_NAME_SIGN_IN: "" }, "production");
const stack = await startStack({
	dataFolder,
	mode: "test",
	env: {
		rooms: { BULLPEN_TEST_PUSH_SERVICES: "1" },
		workspaces: forWorkspaces,
		web: { ...forWeb, BULLPEN_NAME_SIGN_IN: "1" },
		...(mode && { edge: { BULLPEN_EDGE_MODE: mode } }),
	},
	report: (line) => process.stderr.write(`${line}\n`),
});
for (const signal of ["SIGTERM", "SIGINT"] as const) {
	process.once(signal, async () => {
		await stack.stop();
		process.exit(0);
	});
}
process.stdout.write(`${stack.publicUrl}\n`);
