import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { permissionSubject } from "./permission-subject.ts";

const asked = (recording: string): unknown[] =>
	readFileSync(new URL(`./transcript/__fixtures__/${recording}.jsonl`, import.meta.url), "utf8")
		.split("\n")
		.filter((line) => line.includes("session/request_permission"))
		.map((line) => JSON.parse(line).payload.params.toolCall);

describe("[PER4] what real agents ask about", () => {
	test.each([
		["claude2-run-approve", { toolKind: "execute", target: "echo real-command-ran > out.txt && cat out.txt" }],
		["claude2-write-approve", { toolKind: "edit", target: "/workspace/hello.py" }],
		["codex-zed-askrun-deny", { toolKind: "execute", target: "echo nope > nope.txt" }],
		["opencode-run-deny", { toolKind: "execute", target: "touch denied.txt" }],
		["opencode-write-approve", { toolKind: "edit", target: "/workspace/hello.py" }],
	])("%s", (recording, subject) => {
		expect(asked(recording).map(permissionSubject)).toEqual([subject]);
	});
});

test("[PER4] a list of words is told apart from another one that reads the same", () => {
	const of = (...command: string[]) => permissionSubject({ kind: "execute", rawInput: { command } }).target;
	expect(of("rm", "a b")).toBe('rm "a b"');
	expect(of("rm", "a", "b")).toBe("rm a b");
	expect(of("/bin/bash", "-lc", "rm a b")).toBe("rm a b");
	expect(of("bash", "-c", "rm $0", "all")).toBe('bash -c "rm $0" all');
});

test("[PER4] several files, a long command, or a title alone do not stand for a command or a file", () => {
	const locations = [{ path: "a" }, { path: "b" }];
	expect(permissionSubject({ kind: "edit", title: "Edit", locations })).toEqual({ toolKind: "edit" });
	expect(permissionSubject({ kind: "execute", title: "Run a command" })).toEqual({ toolKind: "execute" });
	const long = { command: "x".repeat(501) };
	expect(permissionSubject({ kind: "execute", rawInput: long })).toEqual({ toolKind: "execute" });
});

test("[PER4] whatever an agent says, there is an answer", () => {
	expect(permissionSubject({ title: "mcp: deploy" })).toEqual({ toolKind: "other", target: "mcp: deploy" });
	for (const odd of [
		null,
		3,
		[],
		{ kind: 4, title: {}, rawInput: [], locations: "x" },
		{ rawInput: { command: {} } },
	]) {
		expect(permissionSubject(odd)).toEqual({ toolKind: "other" });
	}
});
