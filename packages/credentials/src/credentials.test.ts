import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Credentials } from "./credentials.ts";
import { openCredentials } from "./open.ts";
import { type Payer, SERVER } from "./provider.ts";

const KEY = "sk-test-0123456789-abcdefghij-WXYZ";
const OTHER = "sk-test-9876543210-jihgfedcba-QRST";
const ADA: Payer = { kind: "person", userId: "ada" };

let folder: string;
let env: Record<string, string>;
let told: string[];
const opened: Credentials[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-credentials-"));
	env = { BULLPEN_DATA: folder, BULLPEN_KEYS: join(folder, "keys") };
	told = [];
});
afterEach(() => {
	for (const each of opened.splice(0)) each.close();
	rmSync(folder, { recursive: true });
});

function open(more: Record<string, string> = {}): Credentials {
	const credentials = openCredentials({ ...env, ...more }, (sentence) => told.push(sentence));
	opened.push(credentials);
	return credentials;
}

const keyOf = (credentials: Credentials, payer: Payer = SERVER) => credentials.find(payer, "openai")?.key.reveal();

/** Everything on the disk but the secret key itself. */
const bytesOnDisk = (): string =>
	readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ name }) => readFileSync(join(folder, name), "latin1"))
		.join("");

describe("a stored key", () => {
	test("is found by its payer alone", () => {
		const credentials = open();
		credentials.put(ADA, "openai", KEY, "ada");
		expect(keyOf(credentials, ADA)).toBe(KEY);
		expect(keyOf(credentials, { kind: "person", userId: "bob" })).toBeUndefined();
		expect(keyOf(credentials)).toBeUndefined();
		expect(credentials.find(ADA, "anthropic")).toBeUndefined();
	});

	test("of the server is not a person's", () => {
		const credentials = open({ OPENAI_API_KEY: OTHER });
		credentials.put(SERVER, "openai", KEY, "owner");
		expect(credentials.find(ADA, "openai")).toBeUndefined();
	});

	test("is listed by its last four characters and dates, and by nothing more", () => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		const [view] = credentials.list(SERVER);
		expect(view).toEqual({
			id: expect.any(String),
			provider: "openai",
			payer: SERVER,
			ending: "WXYZ",
			state: "usable",
			setBy: "owner",
			createdAt: expect.any(Number),
			rotatedAt: expect.any(Number),
		});
		expect(credentials.list(ADA)).toEqual([]);
	});

	test("shows nothing of itself when it is short", () => {
		const credentials = open();
		expect(credentials.put(SERVER, "openai", "local-key", "owner").ending).toBe("");
	});

	test("never shows itself where a value is printed", () => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		const found = credentials.find(SERVER, "openai")!;
		const printed = [inspect(found, { depth: 9, showHidden: true }), JSON.stringify(found), `${found.key}`].join();
		expect(printed).not.toContain(KEY.slice(3, 12));
		expect(printed).not.toContain("WXYZ");
	});

	test("can be exchanged: the id stays, the old one is gone", () => {
		const credentials = open();
		const before = credentials.put(SERVER, "openai", KEY, "owner");
		const after = credentials.put(SERVER, "openai", OTHER, "second");
		expect(after).toMatchObject({ id: before.id, createdAt: before.createdAt, ending: "QRST", setBy: "second" });
		expect(keyOf(credentials)).toBe(OTHER);
		expect(credentials.list(SERVER)).toHaveLength(1);
	});

	test("can be removed, and all of a person's at once", () => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		credentials.put(ADA, "openai", KEY, "ada");
		credentials.put(ADA, "anthropic", KEY, "ada");
		credentials.removePerson("ada");
		expect(credentials.list(ADA)).toEqual([]);
		expect(credentials.remove(SERVER, "openai")).toBe(true);
		expect(credentials.remove(SERVER, "openai")).toBe(false);
		expect(keyOf(credentials)).toBeUndefined();
	});

	test.each(["", " ", "two words", "line\nbreak", 'quo"te', "ключ", "x".repeat(1_001)])("cannot be %j", (text) => {
		let refusal: unknown;
		try {
			open().put(SERVER, "openai", text, "owner");
		} catch (error) {
			refusal = error;
		}
		expect(refusal).toMatchObject({ name: "Problem", code: "bad_input" });
		if (text.length > 5) expect(inspect(refusal)).not.toContain(text);
	});
});

describe("on the disk", () => {
	test("no key is in the clear, not even its last characters, nor once it was removed", () => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		credentials.put(ADA, "openai", OTHER, "ada");
		credentials.remove(ADA, "openai");
		for (const trace of [KEY, OTHER, KEY.slice(0, 12), "WXYZ", "QRST", Buffer.from(KEY).toString("base64")]) {
			expect(bytesOnDisk()).not.toContain(trace);
		}
	});

	test.skipIf(process.platform === "win32")("files are their user's alone", () => {
		open().put(SERVER, "openai", KEY, "owner");
		const files = ["credentials.db", "credentials.db-wal", "credentials.db-shm", "keys/credentials.key"];
		expect(files.map((file) => statSync(join(folder, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
	});

	test("the same key is sealed differently each time", () => {
		const credentials = open();
		const sealed = () => {
			credentials.put(SERVER, "openai", KEY, "owner");
			return new DatabaseSync(join(folder, "credentials.db")).prepare("SELECT sealed FROM credentials").get()!.sealed;
		};
		expect(sealed()).not.toEqual(sealed());
	});

	test.each([
		["owner", "UPDATE credentials SET user_id = 'eve'", { kind: "person", userId: "eve" } as Payer],
		["provider", "UPDATE credentials SET provider = 'anthropic'", SERVER],
		["bytes", "UPDATE credentials SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || 'x' AS BLOB)", SERVER],
		["length", "UPDATE credentials SET sealed = x'00'", SERVER],
		[
			"address",
			`UPDATE credentials SET base_url = 'https://evil.example';
			INSERT INTO endpoints VALUES ('openai', 'https://evil.example', 0, 'eve', 1)`,
			SERVER,
		],
	])("a row of which somebody changed the %s does not open", (_, sql, payer) => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		new DatabaseSync(join(folder, "credentials.db")).exec(sql);
		expect(credentials.list(payer)).toMatchObject([{ state: "unreadable", ending: "" }]);
		expect(credentials.find(payer, "openai") ?? credentials.find(payer, "anthropic")).toBeUndefined();
	});
});

describe("the secret key", () => {
	const SECRET = "a secret of the environment, long enough";

	test("is made once, and survives a restart", () => {
		open().put(SERVER, "openai", KEY, "owner");
		expect(keyOf(open())).toBe(KEY);
	});

	test("with another one stored keys are unreadable, and can be entered again", () => {
		open().put(SERVER, "openai", KEY, "owner");
		rmSync(join(folder, "keys"), { recursive: true });
		const later = open();
		expect(later.list(SERVER)).toMatchObject([{ state: "unreadable", ending: "" }]);
		expect(keyOf(later)).toBeUndefined();
		expect(later.put(SERVER, "openai", OTHER, "owner")).toMatchObject({ state: "usable" });
		expect(keyOf(later)).toBe(OTHER);
	});

	test("moves from the file to the environment, and from one value to the next, without a word", () => {
		open().put(SERVER, "openai", KEY, "owner");
		expect(keyOf(open({ BULLPEN_SECRET_KEY: SECRET }))).toBe(KEY);
		rmSync(join(folder, "keys"), { recursive: true });
		const next = { BULLPEN_SECRET_KEY: `${SECRET}, again`, BULLPEN_SECRET_KEY_FORMER: SECRET };
		expect(keyOf(open(next))).toBe(KEY);
		expect(keyOf(open({ BULLPEN_SECRET_KEY: next.BULLPEN_SECRET_KEY }))).toBe(KEY);
		expect(keyOf(open({ BULLPEN_SECRET_KEY: SECRET }))).toBeUndefined();
	});

	test("in the environment makes no file", () => {
		open({ BULLPEN_SECRET_KEY: SECRET }).put(SERVER, "openai", KEY, "owner");
		expect(readdirSync(folder).filter((name) => name === "keys")).toEqual([]);
	});

	test("that is short, or that others could read, is refused without being told", () => {
		expect(() => open({ BULLPEN_SECRET_KEY: "hunter2" })).toThrow(/fewer than 32/);
		mkdirSync(join(folder, "keys"));
		writeFileSync(join(folder, "keys/credentials.key"), SECRET);
		chmodSync(join(folder, "keys/credentials.key"), 0o644);
		expect(() => open()).toThrow(/chmod 600/);
	});
});

describe("the base URL of a provider", () => {
	const URL = "https://models.example.com/v1";

	test("is the provider's own by default", () => {
		const credentials = open();
		credentials.put(SERVER, "openai", KEY, "owner");
		credentials.put(SERVER, "anthropic", KEY, "owner");
		expect(credentials.find(SERVER, "openai")).toMatchObject({
			baseUrl: "https://api.openai.com/v1",
			isPrivateAllowed: false,
			isAtProvider: true,
		});
		expect(credentials.find(SERVER, "anthropic")?.baseUrl).toBe("https://api.anthropic.com");
	});

	test("a compatible server has none until the owner sets it", () => {
		const credentials = open();
		expect(() => credentials.put(ADA, "openai-compatible", KEY, "ada")).toThrow(/no base URL/);
		credentials.setEndpoint("openai-compatible", { baseUrl: URL, isPrivateAllowed: true }, "owner");
		credentials.put(ADA, "openai-compatible", KEY, "ada");
		const found = credentials.find(ADA, "openai-compatible");
		expect(found).toMatchObject({ baseUrl: URL, isPrivateAllowed: true, isAtProvider: false });
	});

	test("when it changes, keys entered before go nowhere until they are entered again", () => {
		const credentials = open();
		credentials.put(ADA, "openai", KEY, "ada");
		credentials.setEndpoint("openai", { baseUrl: URL }, "owner");
		expect(credentials.find(ADA, "openai")).toBeUndefined();
		expect(credentials.list(ADA)).toMatchObject([{ state: "moved", ending: "WXYZ" }]);
		credentials.put(ADA, "openai", KEY, "ada");
		expect(credentials.find(ADA, "openai")?.baseUrl).toBe(URL);
		credentials.clearEndpoint("openai");
		expect(credentials.find(ADA, "openai")).toBeUndefined();
	});

	test("is told with who set it", () => {
		const credentials = open({ BULLPEN_MODEL_HTTP_HOSTS: " Ollama.lan:11434 , other" });
		credentials.setEndpoint("openai-compatible", { baseUrl: "http://ollama.lan:11434/v1" }, "owner");
		expect(credentials.endpoints()).toEqual([
			{
				provider: "openai-compatible",
				baseUrl: "http://ollama.lan:11434/v1",
				isPrivateAllowed: true,
				setBy: "owner",
				setAt: expect.any(Number),
			},
		]);
		expect(() => credentials.setEndpoint("openai", { baseUrl: "http://evil.lan/v1" }, "owner")).toThrow(/https/);
	});
});

describe("keys in the environment", () => {
	test("are the server's, of lowest rank, and not stored", () => {
		const credentials = open({ OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: OTHER });
		expect(credentials.givenProviders()).toEqual(["openai", "anthropic"]);
		expect(credentials.find(SERVER, "anthropic")).toMatchObject({ id: "environment:anthropic", isAtProvider: true });
		expect(keyOf(credentials)).toBe(KEY);
		credentials.put(SERVER, "openai", OTHER, "owner");
		expect(keyOf(credentials)).toBe(OTHER);
		credentials.remove(SERVER, "openai");
		expect(keyOf(credentials)).toBe(KEY);
		expect(credentials.list(SERVER)).toEqual([]);
		expect(bytesOnDisk()).not.toContain(KEY);
	});

	test("may go to a base URL of their own, which is private on purpose", () => {
		const credentials = open({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: "https://gateway.internal/v1/" });
		const found = credentials.find(SERVER, "openai");
		expect(found).toMatchObject({
			baseUrl: "https://gateway.internal/v1",
			isPrivateAllowed: true,
			isAtProvider: false,
		});
	});

	test("that are wrong are told by name, and are none", () => {
		const more = { OPENAI_API_KEY: `${KEY} x`, ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: "http://evil.example" };
		expect(open(more).givenProviders()).toEqual([]);
		expect(told).toEqual([
			expect.stringMatching(/^OPENAI_API_KEY is not used/),
			expect.stringMatching(/^ANTHROPIC_BASE_URL is not used/),
		]);
		expect(told.join()).not.toMatch(/sk-test|evil/);
	});
});

test("another process sees at once what this one writes, also when both made the files together", async () => {
	const script = join(import.meta.dirname, "../test/reader.ts");
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
		env: { ...env, PATH: process.env.PATH },
		stdio: ["pipe", "pipe", "inherit"],
	});
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const ours = open();
	expect((await lines.next()).value).toBe("open");
	const ask = async (): Promise<unknown> => {
		child.stdin.write("openai\n");
		return (await lines.next()).value;
	};
	const hash = (key: string) => createHash("sha256").update(key).digest("hex");
	expect(await ask()).toBe("none");
	ours.put(SERVER, "openai", KEY, "owner");
	expect(await ask()).toBe(hash(KEY));
	for (let count = 0; count < 50; count++) ours.put(ADA, "openai", `${KEY}-${count}`, "ada");
	ours.put(SERVER, "openai", OTHER, "owner");
	expect(await ask()).toBe(hash(OTHER));
	ours.remove(SERVER, "openai");
	expect(await ask()).toBe("none");
	child.stdin.end();
	await once(child, "close");
});
