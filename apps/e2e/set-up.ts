import { startOwnStack } from "./own-stack.ts";

/** Starts a stack for all tests of this process; the answer ends it. */
export default async function setUp(): Promise<() => Promise<void>> {
	const mode = process.env.BULLPEN_EDGE_MODE;
	// How the edge carries people to actors, for the whole stack; unset is what production does.
	const stack = await startOwnStack(mode === undefined ? {} : { BULLPEN_EDGE_MODE: mode });
	process.env.E2E_URL = stack.url;
	process.env.E2E_DATA = stack.dataFolder;
	return stack.stop;
}
