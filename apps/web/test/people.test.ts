import { expect, test, vi } from "vitest";
import { postInvitation, postResetLink } from "../lib/account-endpoints.ts";
import { answer } from "../lib/api.ts";
import type { TellDirectory } from "../lib/directory-calls.ts";
import { personOf } from "../lib/identity.ts";
import { getPicture, postActive, postName, postPicture, postPictureRemoval } from "../lib/people-endpoints.ts";
import { type Browser, PUBLIC_URL, type Server, startServer } from "./server.ts";

/** Two people: Ada owns the server. */
async function twoPeople() {
	const tell = vi.fn<TellDirectory>(async () => {});
	const server = await startServer({}, tell);
	const [ada, bob] = [server.browser(), server.browser()];
	await ada.signIn("Ada");
	await bob.signIn("Bob");
	return {
		server,
		tell,
		ada,
		bob,
		adaId: (await who(server, ada))?.id ?? "",
		bobId: (await who(server, bob))?.id ?? "",
	};
}
const who = async (server: Server, browser: Browser) =>
	(await personOf(server, new Headers(browser.headers())))?.person ?? null;

/** One white pixel. */
const PNG = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==",
	"base64",
);

async function send(server: Server, browser: Browser, bytes: Uint8Array<ArrayBuffer>) {
	const headers = { ...browser.headers(), origin: PUBLIC_URL, "content-type": "image/png" };
	const url = new URL("/api/profile/picture", PUBLIC_URL);
	return (await answer(server, postPicture, new Request(url, { method: "POST", body: bytes, headers }))).status;
}
const look = (server: Server, browser: Browser, path: string) =>
	answer(server, getPicture, new Request(new URL(path, PUBLIC_URL), { headers: browser.headers() }));

test("[PEO2] an owner closes an account: it is signed out, stays out, and the directory is told after that", async () => {
	const { server, tell, ada, bob, adaId, bobId } = await twoPeople();
	expect((await bob.post(postActive, "/api/people/active", { userId: adaId, isActive: false })).status).toBe(403);
	expect((await ada.post(postActive, "/api/people/active", { userId: adaId, isActive: false })).status).toBe(403);
	expect((await ada.post(postActive, "/api/people/active", { userId: "u-no", isActive: false })).status).toBe(404);
	expect(tell).not.toHaveBeenCalled();

	const closed = await ada.post(postActive, "/api/people/active", { userId: bobId, isActive: false });
	expect(closed).toEqual({ status: 200, body: { ok: true } });
	expect(tell.mock.calls).toEqual([["setActive", { userId: bobId, isActive: false, by: adaId }]]);
	expect(await who(server, bob)).toBeNull();
	expect((await bob.signIn("Bob")).status).toBe(403);

	await ada.post(postActive, "/api/people/active", { userId: bobId, isActive: true });
	expect((await bob.signIn("Bob")).status).toBe(200);
	expect((await who(server, bob))?.id).toBe(bobId);
});

test("[AUD1] invitations to the server and reset links are written down before they are made", async () => {
	const { tell, ada, adaId, bobId } = await twoPeople();
	await ada.post(postInvitation, "/api/invitations", { role: "guest" });
	await ada.post(postResetLink, "/api/reset-links", { userId: bobId });
	expect(tell.mock.calls.map(([, input]) => input)).toEqual([
		{ act: { type: "invitation-made", by: adaId, role: "guest" } },
		{ act: { type: "reset-link-made", by: adaId, userId: bobId } },
	]);
	tell.mockRejectedValueOnce(new Error("not now"));
	await expect(ada.post(postInvitation, "/api/invitations", {})).rejects.toThrow("not now");
});

test("[PEO1] one changes one's own name, to one that nobody else has", async () => {
	const { server, tell, ada, bob, bobId } = await twoPeople();
	expect((await bob.post(postName, "/api/profile/name", { name: "ADA" })).body).toMatchObject({ code: "name_taken" });
	expect((await bob.post(postName, "/api/profile/name", { name: " Robert " })).status).toBe(200);
	expect(await who(server, bob)).toMatchObject({ id: bobId, name: "Robert" });
	expect(tell.mock.calls).toEqual([["registerPerson", { userId: bobId, name: "Robert", role: "member" }]]);
	expect((await ada.post(postName, "/api/profile/name", { name: "ada" })).status).toBe(200);
});

test("[PEO4] a picture is a small raster image by its own bytes, shown to those who are signed in, and to nobody as a page", async () => {
	const { server, tell, bob, bobId } = await twoPeople();
	expect(await send(server, bob, PNG)).toBe(200);
	const [[name, input] = []] = tell.mock.calls;
	expect([name, input]).toEqual(["notePicture", { userId: bobId, pictureId: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
	const shown = await look(server, bob, `/api/pictures/${bobId}?v=1`);
	expect(Buffer.from(await shown.arrayBuffer())).toEqual(PNG);
	expect(shown.headers.get("content-type")).toBe("image/png");
	expect(shown.headers.get("content-security-policy")).toMatch(/^sandbox/);
	expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
	expect((await look(server, server.browser(), `/api/pictures/${bobId}`)).status).toBe(401);

	const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`);
	const tooWide = Buffer.from(PNG);
	tooWide.writeUInt32BE(4_000, 16);
	for (const [bytes, status] of [
		[svg, 400],
		[Buffer.from("<script>alert(1)</script>"), 400],
		[tooWide, 400],
		[Buffer.alloc(300 * 1024), 413],
	] as const) {
		expect(await send(server, bob, bytes)).toBe(status);
	}
	for (const path of ["/api/pictures/..%2f..%2faccounts.db", "/api/pictures/u-nobody", "/api/pictures/"]) {
		expect((await look(server, bob, path)).status).toBe(404);
	}
	expect((await bob.post(postPictureRemoval, "/api/profile/picture/remove")).status).toBe(200);
	expect((await look(server, bob, `/api/pictures/${bobId}`)).status).toBe(404);
});
