// Runs turbo on a Node that is new enough, with the telemetry of every tool switched off: Bullpen sends none.
import { spawn } from "node:child_process";
import "./check-node.mjs";

const quiet = { TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", RUST_BACKTRACE: "0" };
const turbo = spawn("turbo", process.argv.slice(2), { stdio: "inherit", env: { ...process.env, ...quiet } });

// A terminal's Ctrl-C reaches turbo by itself; it stops everything, and we end after it.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => turbo.kill(signal));
turbo.on("error", (error) => {
	console.error(`turbo did not start: ${error.message}. Run it through pnpm: npx -y pnpm@12.21.0 dev`);
	process.exitCode = 1;
});
turbo.on("exit", (code, signal) => {
	process.exitCode = code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1);
});
