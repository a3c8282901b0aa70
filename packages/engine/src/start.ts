import { runBullpen } from "./command.ts";

await runBullpen("production");
