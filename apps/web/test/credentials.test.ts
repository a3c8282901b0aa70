import { expect, test } from "vitest";
import { getCredentials, postCredential, postCredentialRemoval, postEndpoint } from "../lib/credential-endpoints.ts";
import { type Browser, startServer } from "./server.ts";

const KEY = "sk-a-long-secret-key-0123456789-wxyz";
const put = (browser: Browser, scope: string, provider = "openai", key = KEY) =>
	browser.post(postCredential, "/api/credentials", { scope, provider, key });
const read = (browser: Browser) => browser.post(getCredentials, "/api/credentials");

async function people(): Promise<{ owner: Browser; member: Browser; stranger: Browser }> {
	const server = await startServer();
	const [owner, member, stranger] = [server.browser(), server.browser(), server.browser()];
	await owner.signIn("Ada");
	await member.signIn("Bob");
	return { owner, member, stranger };
}

test("a key is stored for whoever entered it, shown by its end, and never told to anybody", async () => {
	const { owner, member } = await people();
	expect((await put(member, "me")).status).toBe(200);
	const mine = await read(member);
	expect(mine.body).toEqual({
		mine: [{ provider: "openai", ending: "wxyz", state: "usable", rotatedAt: expect.any(Number) }],
		server: null,
		endpoints: [],
	});
	expect(JSON.stringify([mine.body, (await read(owner)).body])).not.toContain("0123456789");
	expect((await read(owner)).body).toMatchObject({ mine: [], server: [] });
});

test("keys and addresses of the server are its owner's, and nobody else's to change", async () => {
	const { owner, member } = await people();
	expect((await put(member, "server")).status).toBe(403);
	const address = { provider: "openai", baseUrl: "https://models.example.com/v1", isPrivateAllowed: false };
	expect((await member.post(postEndpoint, "/api/credentials/endpoint", address)).status).toBe(403);
	const name = { scope: "server", provider: "openai" };
	expect((await member.post(postCredentialRemoval, "/api/credentials/remove", name)).status).toBe(403);

	expect((await put(owner, "server")).status).toBe(200);
	expect((await owner.post(postEndpoint, "/api/credentials/endpoint", address)).status).toBe(200);
	expect((await read(owner)).body).toMatchObject({
		server: [{ provider: "openai", ending: "wxyz", state: "moved" }],
		endpoints: [address],
	});
	expect((await owner.post(postCredentialRemoval, "/api/credentials/remove", name)).status).toBe(200);
	expect((await read(owner)).body).toMatchObject({ server: [] });
});

test("a key for a provider without an address, and an address that is none, are refused in words", async () => {
	const { owner } = await people();
	expect(await put(owner, "me", "openai-compatible")).toMatchObject({ status: 400, body: { code: "bad_input" } });
	const wrong = { provider: "openai", baseUrl: "http://169.254.169.254/v1", isPrivateAllowed: true };
	expect(await owner.post(postEndpoint, "/api/credentials/endpoint", wrong)).toMatchObject({
		status: 400,
		body: { message: "This address is never a model's." },
	});
});

test("without a session, and from another site, there is nothing", async () => {
	const { owner, stranger } = await people();
	expect((await put(stranger, "me")).status).toBe(401);
	expect((await read(stranger)).status).toBe(401);
	const foreign = { origin: "https://evil.example.com" };
	const body = { scope: "me", provider: "openai", key: KEY };
	expect((await owner.post(postCredential, "/api/credentials", body, foreign)).status).toBe(403);
});
