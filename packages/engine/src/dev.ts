import { runBullpen } from "./command.ts";

await runBullpen("development");
