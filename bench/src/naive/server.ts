import { registry } from "./registry.ts";

await registry.startAndWait();
process.stdout.write("actors ready\n");
