import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { personOf } from "../lib/identity.ts";
import { startServer } from "./server.ts";

/** A PostgreSQL server to test on, for example `postgres://postgres@127.0.0.1/postgres`; a database is made and dropped. */
const serverUrl = process.env.BULLPEN_TEST_DATABASE_URL;

test.skipIf(!serverUrl)("accounts live in PostgreSQL when DATABASE_URL names one", async () => {
	const admin = new Pool({ connectionString: serverUrl });
	const name = `bullpen_${randomBytes(6).toString("hex")}`;
	await admin.query(`CREATE DATABASE ${name}`);
	const url = new URL(serverUrl ?? "");
	url.pathname = `/${name}`;
	onTestFinished(async () => {
		await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
		await admin.end();
	});

	const server = await startServer({ DATABASE_URL: url.href });
	const names = ["Ada", "Grace", "Alan", "Ada"];
	const browsers = names.map(() => server.browser());
	const answers = await Promise.all(browsers.map((browser, index) => browser.signIn(names[index] ?? "")));
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
	const people = await Promise.all(
		browsers.map(async (browser) => (await personOf(server, new Headers(browser.headers())))?.person),
	);
	expect(new Set(people.map((person) => person?.id)).size).toBe(3);
	expect(people.filter((person) => person?.role === "owner").map((person) => person?.id)).toHaveLength(
		people[0]?.role === "owner" ? 2 : 1,
	);
	const account = { name: "Edsger", email: "edsger@example.org", password: "correct horse battery" };
	expect((await server.browser().auth("sign-up/email", account)).status).toBe(200);
	expect((await server.browser().auth("sign-in/email", account)).status).toBe(200);
});
