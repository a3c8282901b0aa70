import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyBreaks, pinBreaks, undeclaredIn } from "./manifests.ts";
import { type Manifest, ROOT } from "./repository.ts";

const manifest: Manifest = {
	name: "@bullpen/edge",
	private: true,
	license: "Apache-2.0",
	type: "module",
	dependencies: { "@bullpen/domain": "workspace:*", ws: "8.23.0" },
	devDependencies: { vitest: "catalog:", "@bullpen/client": "workspace:*" },
};

test("a lawful manifest passes, and each departure is named", () => {
	expect(pinBreaks("apps/edge", manifest)).toEqual([]);
	expect(pinBreaks("apps/edge", { ...manifest, private: false })).toEqual([
		"apps/edge/package.json: private must be true",
	]);
	expect(pinBreaks("apps/edge", { ...manifest, license: "MIT" })).toHaveLength(1);
	expect(pinBreaks("apps/edge", { ...manifest, type: "commonjs" })).toHaveLength(1);
	expect(pinBreaks("apps/edge", { ...manifest, name: "edge" })).toHaveLength(1);
	for (const version of ["^8.23.0", "*", "latest", "https://example.com/ws.tgz", "file:../ws"])
		expect(pinBreaks("apps/edge", { ...manifest, dependencies: { ws: version } }), version).toHaveLength(1);
	expect(pinBreaks("apps/edge", { ...manifest, dependencies: { "@bullpen/domain": "1.0.0" } })).toHaveLength(1);
});

test("an import without a declaration is found", () => {
	const found = (file: string, text: string) => undeclaredIn(file, text, manifest);
	expect(
		found("apps/edge/src/main.ts", 'import { WebSocket } from "ws";\nimport "node:http";\nimport "./door.ts";'),
	).toEqual([]);
	expect(found("apps/edge/src/main.ts", 'import { z } from "zod";')).toEqual([
		"apps/edge/src/main.ts:1: zod is not among the dependencies of @bullpen/edge",
	]);
	expect(found("apps/edge/src/main.ts", 'import { open } from "@bullpen/client/open";')).toHaveLength(1);
	expect(found("apps/edge/src/main.ts", 'import type { Open } from "@bullpen/client/open";')).toEqual([]);
	expect(found("apps/edge/src/main.test.ts", 'import { open } from "@bullpen/client/open";')).toEqual([]);
	expect(found("apps/edge/src/main.test.ts", 'import React from "react";')).toHaveLength(1);
});

test("a second copy of rivetkit is found, by version or by peers", () => {
	const lockfile = readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8");
	expect(copyBreaks(lockfile)).toEqual([]);
	const twin = (as: string) =>
		lockfile.replace(/^ {2}rivetkit@(.+):$(?![\s\S]*^ {2}rivetkit@)/m, `$&\n    x: 1\n\n  rivetkit@${as}:`);
	expect(copyBreaks(twin("2.3.18"))).toHaveLength(1);
	expect(copyBreaks(twin("2.3.19(ws@8.0.0)"))).toHaveLength(1);
});
