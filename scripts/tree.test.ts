import { expect, test } from "vitest";
import { tracesIn } from "./tree.ts";

const found = (text: string, file = "docs/a.md") => tracesIn(file, `first\n${text}\n`, ["/srv/checkout", "/root"]);

test.each([
	"see /home/ana/bullpen",
	"see /Users/ana/bullpen",
	"cd /srv/checkout && ls",
	"from http://registry.example.test:4873/zod",
	"https://npm-mirror.example.test/zod.tgz",
	"registry=http://10.0.0.1/",
	"//10.0.0.1/:_authToken=abc",
	`-----BEGIN PRIVATE KEY-----\n${"A".repeat(32)}`,
])("a trace is found with its line: %s", (text) => {
	expect(found(text).join()).toContain("docs/a.md:2: holds ");
});

test("a tarball address is a trace in the lockfile only", () => {
	expect(found("resolution: {tarball: x}", "pnpm-lock.yaml")).toHaveLength(1);
	expect(found("resolution: {tarball: x}")).toEqual([]);
});

test.each(["the /home/ folder", "/root is root's", "https://github.com/rivet-dev/actors", "BEGIN PRIVATE KEY"])(
	"no trace: %s",
	(text) => expect(found(text)).toEqual([]),
);
