import { z } from "zod";

const Refusal = z.object({ code: z.string() });
const Link = z.object({ url: z.string() });

/** What the web itself keeps of people. The answer is null, or why not, in words. */
export const accountCalls = {
	setActive: (userId: string, isActive: boolean) => done(post("/api/people/active", { userId, isActive })),
	setName: (name: string) => done(post("/api/profile/name", { name })),
	putPicture: (picture: Blob) => done(post("/api/profile/picture", picture)),
	removePicture: () => done(post("/api/profile/picture/remove", {})),
	resetLink: (userId: string) => link(post("/api/reset-links", { userId })),
	invitation: (role: "member" | "guest") => link(post("/api/invitations", { role })),
};

async function done(answer: Promise<Response>): Promise<string | null> {
	try {
		return await wordsIn(await answer);
	} catch {
		return UNREACHABLE; // fetch throws for nothing else
	}
}

async function link(answer: Promise<Response>): Promise<{ url: string | null; refusal: string | null }> {
	try {
		const response = await answer;
		const refusal = await wordsIn(response);
		return refusal === null ? { url: Link.parse(await response.json()).url, refusal } : { url: null, refusal };
	} catch {
		return { url: null, refusal: UNREACHABLE };
	}
}

const UNREACHABLE = "The server could not be reached. Check your connection and try again.";

const post = (path: string, body: object): Promise<Response> =>
	fetch(path, {
		method: "POST",
		...(body instanceof Blob
			? { body }
			: { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
	});

async function wordsIn(response: Response): Promise<string | null> {
	if (response.ok) return null;
	const refusal = Refusal.safeParse(await response.json().catch(() => null));
	return (refusal.success ? WORDS.get(refusal.data.code) : undefined) ?? "That did not work. Try again in a moment.";
}

const WORDS = new Map([
	["name_taken", "Somebody here already has that name, or it is reserved. Pick another."],
	["text_empty", "Write your name first."],
	["text_invalid", "There is a character in this name that cannot be used."],
	["text_too_long", "This name is too long."],
	["frame_too_large", "This picture is too large."],
	["bad_input", "This file is not a picture that can be shown here."],
	["forbidden", "You are not allowed to do this."],
	["not_found", "There is nobody of that id any more."],
	["unauthenticated", "You are signed out. Sign in again."],
	["busy", "The server has a lot to do. Try again in a moment."],
]);
