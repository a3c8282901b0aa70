import { describe, expect, test } from "vitest";
import { readBootSettings } from "./boot.ts";
import { Refusal } from "./refusal.ts";

describe("readBootSettings", () => {
	test("needs nothing: this machine only, port 4040, a folder in the repository", () => {
		const settings = readBootSettings({}, "development");
		expect(settings).toMatchObject({ host: "127.0.0.1", port: 4040, hasNameSignIn: true, publicUrl: undefined });
		expect(settings.dataFolder).toMatch(/\/\.bullpen$/);
	});

	test("signing in by a name alone is refused in production", () => {
		expect(() => readBootSettings({ BULLPEN_NAME_SIGN_IN: "1" }, "production")).toThrow(/for development/);
		expect(readBootSettings({}, "production").hasNameSignIn).toBe(false);
	});

	test.each([
		{ HOST: "0.0.0.0", BULLPEN_PUBLIC_URL: "http://192.168.1.5:4040" },
		{ BULLPEN_PUBLIC_URL: "https://chat.example.com" },
	])("signing in by a name alone is refused where others can come in: %o", (env) => {
		expect(() => readBootSettings({ ...env, BULLPEN_NAME_SIGN_IN: "1" }, "development")).toThrow(Refusal);
		expect(readBootSettings(env, "development").hasNameSignIn).toBe(false);
	});

	test("it can be turned off in development", () => {
		expect(readBootSettings({ BULLPEN_NAME_SIGN_IN: "0" }, "development").hasNameSignIn).toBe(false);
	});

	test("a server for others must be told its address", () => {
		expect(() => readBootSettings({ HOST: "0.0.0.0" }, "production")).toThrow(/set BULLPEN_PUBLIC_URL/);
		for (const wrong of ["chat.example.com", "ftp://example.com", "https://example.com/chat"]) {
			expect(() => readBootSettings({ BULLPEN_PUBLIC_URL: wrong }, "production")).toThrow(/not an address/);
		}
	});

	test.each(["0", "70000", "4040x", "-1"])("PORT=%s is refused", (PORT) => {
		expect(() => readBootSettings({ PORT }, "development")).toThrow(/not a port/);
	});

	test("keys of model providers reach the workspaces and nobody else", () => {
		const keys = { OPENAI_API_KEY: "sk-a", ANTHROPIC_API_KEY: "sk-b", OPENAI_BASE_URL: "https://x/v1" };
		const sealing = { BULLPEN_SECRET_KEY: "secret", BULLPEN_MODEL_HTTP_HOSTS: "x.lan" };
		const settings = readBootSettings({ ...keys, ...sealing, ANTHROPIC_AUTH_TOKEN: "x" }, "production");
		expect(settings.forWorkspaces).toEqual({ ...keys, ...sealing });
		expect(settings.forWeb).toEqual(sealing);
		expect([settings.forAll, settings.forEdge]).toEqual([{}, {}]);
	});

	test("how the network is left is known to the process that installs agents, and to nobody else", () => {
		const network = {
			NODE_EXTRA_CA_CERTS: "/ca.pem",
			https_proxy: "http://proxy.lan",
			npm_config_registry: "http://x.lan",
		};
		const settings = readBootSettings(network, "production");
		expect(settings.forWorkspaces).toEqual(network);
		expect([settings.forAll, settings.forWeb, settings.forEdge]).toEqual([{}, {}, {}]);
	});

	test("each part gets only what it reads", () => {
		const forEdge = {
			BULLPEN_TRUSTED_PROXIES: "10.0.0.1",
			BULLPEN_EDGE_MODE: "tunnel",
			BULLPEN_METRICS_PORT: "9464",
		};
		const env = { DATABASE_URL: "postgres://x", BULLPEN_LIMITS: "{}", ...forEdge, OTHER: "x" };
		expect(readBootSettings(env, "production")).toMatchObject({
			forAll: { BULLPEN_LIMITS: "{}" },
			forWeb: { DATABASE_URL: "postgres://x" },
			forEdge,
		});
	});
});
