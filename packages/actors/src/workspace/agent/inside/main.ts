/**
 * Runs inside the sandbox, once for each look at the workspace's files or change of them: the host itself never opens a path in
 * there. The first argument is the request as JSON, all others are base64 data of it. Prints one line: `{ answer }` or
 * `{ refusal }`. Built-in modules only: the sandbox has nothing else. What it prints is checked by the host, which believes
 * nothing that comes out of a sandbox.
 */
import { type Asked, outcomeOf } from "./outcome.ts";

/** What is remembered of the start, and uploads under way: beside the files, so that it is none of them. */
const PLACE = { root: "/workspace", state: `${process.env.HOME}/.bullpen` };

process.umask(0o022);
const [request = "{}", ...data] = process.argv.slice(2);
const asked: Asked = JSON.parse(request);
process.stdout.write(`${JSON.stringify(outcomeOf(asked, data.join(""), PLACE))}\n`);
