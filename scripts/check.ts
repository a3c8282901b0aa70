import { runChecks } from "./checks.ts";
import { verdict, write } from "./report.ts";

const { line, exitCode } = verdict([await runChecks({ isPatient: false })]);
write(line);
process.exitCode = exitCode;
