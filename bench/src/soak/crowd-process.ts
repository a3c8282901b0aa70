import { SoakCrowd } from "./crowd.ts";
import { SOAK, type SoakTask, type SoakWord } from "./record.ts";

const say = (word: SoakWord, told: () => void = () => undefined): void => void process.send?.(word, told);

process.once("message", async (task: SoakTask) => {
	const crowd = new SoakCrowd(task);
	const ticking = setInterval(() => say({ type: "progress", progress: crowd.progress() }), SOAK.sampleMs);
	const problems = await crowd
		.run()
		.catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
	clearInterval(ticking);
	say({ type: "end", progress: crowd.progress(), problems }, () => process.exit(0));
});
process.once("disconnect", () => process.exit(1));
