import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { postInvitation, postResetLink, postSignOutEverywhere } from "../lib/account-endpoints.ts";
import { offerOwnership } from "../lib/boot.ts";
import type { TellDirectory } from "../lib/directory-calls.ts";
import { personOf } from "../lib/identity.ts";
import { type Browser, PRODUCTION, type Server, startServer } from "./server.ts";

const PASSWORD = "correct horse battery";
const account = (name: string, link?: string) => ({
	name,
	email: `${name.toLowerCase()}@example.org`,
	password: PASSWORD,
	...(link && { link }),
});
const secretIn = (body: unknown): string => String(Reflect.get(Object(body), "url")).split("#")[1] ?? "";
const who = async (server: Server, browser: Browser) =>
	(await personOf(server, new Headers(browser.headers())))?.person ?? null;

/** A server in production whose owner is Ada. */
async function ownedServer(variables: Record<string, string> = {}, tellDirectory?: TellDirectory) {
	const server = await startServer({ ...PRODUCTION, ...variables }, tellDirectory);
	const ada = server.browser();
	const link = readFileSync(server.settings.ownerLinkFile, "utf8").trim().split("#")[1];
	expect(await ada.auth("sign-up/email", account("Ada", link))).toEqual({ status: 200, body: { ok: true } });
	return { server, ada };
}
async function invited(server: Server, ada: Browser, name: string, role = "member") {
	const { body } = await ada.post(postInvitation, "/api/invitations", { role });
	const browser = server.browser();
	expect((await browser.auth("sign-up/email", account(name, secretIn(body)))).status).toBe(200);
	return browser;
}

test("in production the owner comes by a link that only whoever runs the server can read", async () => {
	const server = await startServer(PRODUCTION);
	const file = server.settings.ownerLinkFile;
	expect(statSync(file).mode & 0o777).toBe(0o600);
	const link = readFileSync(file, "utf8");
	expect(link).toMatch(/^http:\/\/127\.0\.0\.1:4040\/join#[a-z2-7]{32}\n$/);
	const ada = server.browser();
	expect((await ada.auth("sign-up/email", account("Ada", link.trim().split("#")[1]))).status).toBe(200);
	expect(await who(server, ada)).toMatchObject({ name: "Ada", role: "owner" });
	expect(() => statSync(file)).toThrow(/ENOENT/);
});

test("the owner's link works once, survives a restart unused, and is gone when there is an owner", async () => {
	const server = await startServer(PRODUCTION);
	const file = server.settings.ownerLinkFile;
	const link = readFileSync(file, "utf8");
	await offerOwnership(server);
	expect(readFileSync(file, "utf8")).toBe(link);
	const secret = link.trim().split("#")[1];
	const answers = await Promise.all(
		["Ada", "Grace"].map((name) => server.browser().auth("sign-up/email", account(name, secret))),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
	await offerOwnership(server);
	expect(() => statSync(file), "the next start").toThrow(/ENOENT/);
});

test("a link that expired makes nobody the owner, and the next start writes a fresh one", async () => {
	const server = await startServer({ ...PRODUCTION, BULLPEN_LIMITS: '{"ownerLinkMs":1}' });
	const file = server.settings.ownerLinkFile;
	const old = readFileSync(file, "utf8");
	await expect
		.poll(() => server.browser().auth("sign-up/email", account("Ada", old.trim().split("#")[1])))
		.toMatchObject({ status: 403, body: { code: "forbidden" } });
	await offerOwnership(server);
	expect(readFileSync(file, "utf8")).not.toBe(old);
});

test("without an invitation nobody gets in, and nobody learns whose address is known", async () => {
	const { server } = await ownedServer();
	for (const link of [undefined, "guessed", "first-account", ""]) {
		for (const name of ["Ada", "Grace"]) {
			const refused = await server.browser().auth("sign-up/email", account(name, link));
			expect(refused).toEqual({
				status: 403,
				body: {
					code: "forbidden",
					message: "This server is by invitation. Ask its owner for a fresh link.",
					details: {},
				},
			});
		}
	}
});

test("an owner's invitation makes one account with the role it names", async () => {
	const { server, ada } = await ownedServer();
	const made = await ada.post(postInvitation, "/api/invitations", { role: "guest" });
	expect(made).toMatchObject({ status: 200, body: { url: expect.any(String), expiresAt: expect.any(Number) } });
	const grace = server.browser();
	expect((await grace.auth("sign-up/email", account("Grace", secretIn(made.body)))).status).toBe(200);
	expect(await who(server, grace)).toMatchObject({ name: "Grace", role: "guest" });
	const again = await server.browser().auth("sign-up/email", account("Alan", secretIn(made.body)));
	expect(again).toMatchObject({ status: 403 });
});

test("an invitation is not used up by a sign-up that is refused for another reason", async () => {
	const { server, ada } = await ownedServer();
	const { body } = await ada.post(postInvitation, "/api/invitations", {});
	const link = secretIn(body);
	const tries: [object, number, string][] = [
		[{ ...account("Grace", link), password: "short" }, 400, "bad_input"],
		[{ ...account("Grace", link), email: "no address" }, 400, "bad_input"],
		[{ ...account("Grace", link), email: "ada@example.org" }, 409, "name_taken"],
		[{ ...account("ADA", link), email: "other@example.org" }, 409, "name_taken"],
		[{ ...account("Gra\u200bce", link) }, 400, "text_invalid"],
		[{ ...account("System", link) }, 409, "name_taken"],
		[{ ...account("Grace", link), role: "owner" }, 200, ""],
	];
	for (const [wanted, status, code] of tries) {
		const browser = server.browser();
		expect(await browser.auth("sign-up/email", wanted)).toMatchObject({ status, body: code ? { code } : { ok: true } });
		if (status === 200) expect(await who(server, browser)).toMatchObject({ name: "Grace", role: "member" });
	}
});

test("only an owner invites and hands out resets", async () => {
	const { server, ada } = await ownedServer();
	const grace = await invited(server, ada, "Grace");
	for (const [browser, status] of [
		[grace, 403],
		[server.browser(), 401],
	] as const) {
		expect((await browser.post(postInvitation, "/api/invitations", {})).status).toBe(status);
		expect((await browser.post(postResetLink, "/api/reset-links", { userId: "u-1" })).status).toBe(status);
	}
	expect((await ada.post(postInvitation, "/api/invitations", { role: "owner" })).status).toBe(400);
	expect((await ada.post(postResetLink, "/api/reset-links", { userId: "u-nobody" })).status).toBe(404);
});

test("a person signs in with e-mail and password, and a wrong one tells nothing", async () => {
	const { server } = await ownedServer();
	const browser = server.browser();
	const wrong = { email: "ada@example.org", password: "not the password" };
	const unknown = { ...wrong, email: "nobody@example.org" };
	expect(await browser.auth("sign-in/email", wrong)).toEqual(await server.browser().auth("sign-in/email", unknown));
	expect(await who(server, browser)).toBeNull();
	expect(await browser.auth("sign-in/email", { ...wrong, password: PASSWORD })).toEqual({
		status: 200,
		body: { ok: true },
	});
	expect(await who(server, browser)).toMatchObject({ name: "Ada" });
	expect(await browser.auth("sign-out")).toMatchObject({ status: 200 });
	expect(await who(server, browser)).toBeNull();
});

test("guessing passwords from one address is slowed down, for that address alone", async () => {
	const { server } = await ownedServer();
	const guesser = server.browser();
	const guess = () => guesser.auth("sign-in/email", { email: "ada@example.org", password: "a wrong password" });
	for (let count = 0; count < 3; count++) expect((await guess()).status).toBe(401);
	expect(await guess()).toMatchObject({
		status: 429,
		body: { code: "rate_limited", details: { waitMs: expect.any(Number) } },
	});
	const ada = server.browser();
	expect((await ada.auth("sign-in/email", { email: "ada@example.org", password: PASSWORD })).status).toBe(200);
});

test("[PEO5] a reset link lets its holder choose a new password once and signs that account out everywhere", async () => {
	const told: unknown[] = [];
	const { server, ada } = await ownedServer({}, async (...call) => void told.push(call));
	const grace = await invited(server, ada, "Grace");
	const userId = (await who(server, grace))?.id;
	const { status, body } = await ada.post(postResetLink, "/api/reset-links", { userId });
	expect([status, String(Reflect.get(Object(body), "url"))]).toEqual([
		200,
		expect.stringMatching(/\/reset#[a-z2-7]{32}$/),
	]);
	const token = secretIn(body);
	const phone = server.browser();
	expect(await phone.auth("reset-password", { token, newPassword: "short" })).toMatchObject({ status: 400 });
	expect((await phone.auth("reset-password", { token, newPassword: "a brand new password" })).status).toBe(200);
	expect(told.at(-1)).toEqual(["endConnections", { userId }]);
	expect(await who(server, grace)).toBeNull();
	const again = await server.browser().auth("reset-password", { token, newPassword: "yet another password" });
	expect(again).toMatchObject({ status: 403, body: { code: "forbidden" } });
	const email = "grace@example.org";
	expect((await server.browser().auth("sign-in/email", { email, password: PASSWORD })).status).toBe(401);
	expect((await phone.auth("sign-in/email", { email, password: "a brand new password" })).status).toBe(200);
	expect(await who(server, ada)).toMatchObject({ name: "Ada" });
});

test("[PEO5] signing out everywhere ends every session of that person, with what those have open, and of nobody else", async () => {
	const told: unknown[] = [];
	const { server, ada } = await ownedServer({}, async (...call) => void told.push(call));
	const grace = await invited(server, ada, "Grace");
	const userId = (await who(server, grace))?.id;
	const phone = server.browser();
	await phone.auth("sign-in/email", { email: "grace@example.org", password: PASSWORD });
	expect(await who(server, phone)).not.toBeNull();
	expect((await grace.post(postSignOutEverywhere, "/api/sign-out/everywhere")).status).toBe(200);
	expect(grace.lastSetCookie.join()).toMatch(/bullpen\.session_token=;.*Max-Age=0/i);
	expect(told.at(-1)).toEqual(["endConnections", { userId }]);
	expect(await who(server, grace)).toBeNull();
	expect(await who(server, phone)).toBeNull();
	expect(await who(server, ada)).not.toBeNull();
});

test("nothing else of the accounts' library is reachable", async () => {
	const { ada } = await ownedServer();
	const others = [
		...[
			"get-session",
			"list-sessions",
			"update-user",
			"update-session",
			"change-email",
			"change-password",
			"delete-user",
		],
		...[
			"verify-password",
			"set-password",
			"request-password-reset",
			"sign-in/social",
			"callback/github",
			"error",
			"ok",
		],
		...["sign-up/email/", "SIGN-UP/email", "../auth/get-session", "sign-in/email/../../get-session", "%67et-session"],
	];
	for (const path of others)
		expect(await ada.auth(path), path).toMatchObject({ status: 404, body: { code: "not_found" } });
});

test("neither tokens nor links nor passwords are kept in readable form, and only the server's user can read the file", async () => {
	const { server, ada } = await ownedServer();
	const { body } = await ada.post(postInvitation, "/api/invitations", {});
	const files = ["accounts.db", "accounts.db-wal"].map((name) => join(server.dataFolder, name));
	const kept = Buffer.concat(files.map((file) => readFileSync(file))).toString("latin1");
	expect(kept).toContain("ada@example.org");
	expect(kept).not.toContain(secretIn(body));
	expect(kept).not.toContain(PASSWORD);
	for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
});
