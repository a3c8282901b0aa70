import { openCredentials } from "@bullpen/credentials/open";
import type { Keys } from "./payer.ts";

/** Keys of model providers, opened once by the process whose workspaces use them. */
export const openKeys = (): Keys => openCredentials(process.env, (sentence) => process.stderr.write(`${sentence}\n`));
