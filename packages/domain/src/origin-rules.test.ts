import { expect, test } from "vitest";
import { gitAddress, gitBranch, gitToken, refuseUnlessFresh } from "./origin-rules.ts";
import { refusal } from "./test/refusal.ts";

test("[ORI1] a repository has a plain https address", () => {
	expect(gitAddress(" https://github.com/ada/parser.git ")).toEqual({
		url: "https://github.com/ada/parser.git",
		host: "github.com",
		port: 443,
	});
	expect(gitAddress("https://Git.Example.org:8443/a/b")).toMatchObject({ host: "git.example.org", port: 8443 });
});

test.each([
	"http://github.com/a/b",
	"git://github.com/a/b",
	"ssh://git@github.com/a/b",
	"git@github.com:a/b",
	"file:///etc",
	"ext::sh -c id",
	"https://ada:secret@github.com/a/b",
	"https://token@github.com/a/b",
	"https://127.0.0.1/a/b",
	"https://2130706433/a/b",
	"https://[::1]/a/b",
	"https://localhost/a/b",
	"https://github.com",
	"https://github.com/a/b?x=1",
	"https://github.com/a/b#x",
	`https://github.com/${"a".repeat(1_000)}`,
	"--upload-pack=id",
	"",
])("[ORI1] %s is refused", (url) => {
	const { code, details } = refusal(() => gitAddress(url));
	expect([code, details]).toEqual(["bad_input", { field: "url" }]);
});

test("[ORI1] a branch is a name and never an option", () => {
	for (const name of ["main", "feature/one", "v1.2-rc+3", "größe"]) expect(gitBranch(` ${name} `)).toBe(name);
	for (const name of [
		"",
		"-b",
		"--upload-pack=x",
		"a..b",
		"a b",
		"a/",
		"x.lock",
		"a@{1}",
		"a\nb",
		"../x",
		"x".repeat(201),
	]) {
		expect(refusal(() => gitBranch(name)).code).toBe("bad_input");
	}
});

test("a token is one printable word", () => {
	expect(gitToken(" ghp_abc ")).toBe("ghp_abc");
	for (const token of ["", "a b", "a\nb", "é", "x".repeat(401)])
		expect(refusal(() => gitToken(token)).code).toBe("bad_input");
});

test("[ORI2] files come once and before anything else; what failed may be tried again", () => {
	const origin = { kind: "git", name: "x", by: "ada", at: 1 } as const;
	refuseUnlessFresh(undefined, false);
	refuseUnlessFresh({ ...origin, state: "failed" }, false);
	expect(refusal(() => refuseUnlessFresh({ ...origin, state: "running" }, false)).code).toBe("busy");
	expect(refusal(() => refuseUnlessFresh({ ...origin, state: "done" }, false)).code).toBe("bad_input");
	expect(refusal(() => refuseUnlessFresh(undefined, true)).code).toBe("bad_input");
});
