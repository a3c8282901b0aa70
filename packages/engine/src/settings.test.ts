import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { baseEnvironment } from "./child.ts";
import { engineCommand, locateEngine } from "./engine.ts";
import { environmentOf, placeSettings, TUNING } from "./settings.ts";

const place = placeSettings({ ports: { guard: 1, peer: 2, metrics: 3 }, storage: "/nowhere", token: "secret" });

describe("engine settings", () => {
	test("the engine of this version knows every one of them, and refuses one it does not", () => {
		const show = (env: Record<string, string>) =>
			execFileSync(locateEngine(), ["config", "show"], { env, stdio: ["ignore", "pipe", "pipe"] }).toString();
		const shown = show(environmentOf([...place, ...TUNING])).replaceAll(/\s+/g, "");
		for (const { name, value } of TUNING.filter((each) => each.name.startsWith("RIVET__"))) {
			expect(shown).toMatch(new RegExp(`${name.split("__").at(-1)?.toLowerCase()}:(Some\\()?${value}`));
		}
		expect(() => show({ RIVET__GUARD__NONSENSE: "1" })).toThrow(/nonsense/);
	});

	test("none is set twice, and each says why", () => {
		const names = [...place, ...TUNING].map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const { why } of [...place, ...TUNING]) expect(why).not.toBe("");
	});

	test("nothing of the person's own Rivet settings or keys reaches a child", () => {
		const env = { PATH: "/bin", RIVET__GUARD__HOST: "0.0.0.0", RIVET_TOKEN: "x", OPENAI_API_KEY: "x" };
		expect(baseEnvironment(env)).toEqual({ PATH: "/bin" });
	});

	test("the token is in the environment, where other users cannot read it, and not among the arguments", () => {
		const ports = { guard: 1, peer: 2, metrics: 3 };
		const command = engineCommand({
			folder: `${import.meta.dirname}/../node_modules/.cache/engine`,
			ports,
			token: "secret",
		});
		expect(command.args.join(" ")).not.toContain("secret");
		expect(command.env.RIVET__AUTH__ADMIN_TOKEN).toBe("secret");
	});
});
