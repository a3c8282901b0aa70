import { expect, test } from "vitest";
import { requirePerson } from "../lib/identity.ts";
import { PRODUCTION, type Server, startServer } from "./server.ts";

const who = async (server: Server, headers: Record<string, string>) =>
	(await requirePerson(server, new Headers(headers))).person;

test("the same name is the same account, whatever its letter case", async () => {
	const server = await startServer();
	const [first, second, other] = [server.browser(), server.browser(), server.browser()];
	expect(await first.signIn("Ada")).toEqual({ status: 200, body: { ok: true } });
	expect((await second.signIn("  ADA ")).status).toBe(200);
	expect((await other.signIn("Grace")).status).toBe(200);
	const ada = await who(server, first.headers());
	expect(ada).toMatchObject({ name: "Ada", id: expect.stringMatching(/^u-[a-z2-7]{26}$/) });
	expect(await who(server, second.headers())).toEqual(ada);
	expect((await who(server, other.headers())).id).not.toBe(ada.id);
});

test("in development the first account owns the server and nobody after it does", async () => {
	const server = await startServer();
	const browsers = Array.from({ length: 8 }, () => server.browser());
	await Promise.all(browsers.map((browser, index) => browser.signIn(`Person ${index}`)));
	const people = await Promise.all(browsers.map((browser) => who(server, browser.headers())));
	expect(people.map(({ role }) => role).sort()).toEqual([...Array(7).fill("member"), "owner"]);
});

test("two first sign-ins with one name at once make one account", async () => {
	const server = await startServer();
	const browsers = Array.from({ length: 6 }, () => server.browser());
	const answers = await Promise.all(browsers.map((browser) => browser.signIn("Ada")));
	expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
	const people = await Promise.all(browsers.map((browser) => who(server, browser.headers())));
	expect(new Set(people.map(({ id }) => id)).size).toBe(1);
});

test.each([
	["", 400, "text_empty"],
	["a".repeat(41), 400, "text_too_long"],
	["Ada\u202e", 400, "text_invalid"],
	[7, 400, "bad_input"],
])("a name that is not one is refused: %j", async (name, status, code) => {
	const server = await startServer();
	const refused = await server.browser().signIn(name as string);
	expect(refused).toMatchObject({ status, body: { code, details: expect.any(Object) } });
});

test("an account with a password is not entered by its name", async () => {
	const server = await startServer();
	const ada = { name: "Ada", email: "ada@example.org", password: "correct horse battery" };
	expect((await server.browser().auth("sign-up/email", ada)).status).toBe(200);
	expect(await server.browser().signIn("ada")).toMatchObject({ status: 409, body: { code: "name_taken" } });
});

test("where others can reach the server there is no name sign-in", async () => {
	const server = await startServer(PRODUCTION);
	expect(await server.browser().signIn("Ada")).toMatchObject({ status: 404, body: { code: "not_found" } });
});

test.each([
	["production", { BULLPEN_MODE: "production" }],
	["a public host", { BULLPEN_PUBLIC_URL: "https://chat.example.org" }],
	["a host that only looks local", { BULLPEN_PUBLIC_URL: "http://127.0.0.1.example.org" }],
])("the server does not start with name sign-in in %s", async (_, variables) => {
	await expect(startServer(variables)).rejects.toThrow(/name alone/);
});

test("the cookie is out of reach of scripts and of other sites, and travels encrypted where pages do", async () => {
	const browser = (await startServer()).browser();
	await browser.signIn("Ada");
	expect(browser.lastSetCookie.join()).toMatch(/^bullpen\.session_token=[^;]+;.*HttpOnly; SameSite=Lax/i);
	const secure = await startServer({ ...PRODUCTION, BULLPEN_PUBLIC_URL: "https://chat.example.org" });
	expect(secure.auth.options.advanced.useSecureCookies).toBe(true);
});
