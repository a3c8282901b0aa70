import { runChecks } from "./checks.ts";
import { write } from "./report.ts";

const { passed, failed } = await runChecks({ isPatient: false });
write(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
