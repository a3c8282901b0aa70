/** A refusal of the web's API: its body is `{ code, message, details }`. */
interface Refusal {
	code: string;
	/** What of the form it is about, where that matters. */
	field: string | undefined;
	waitMs: number | undefined;
}

type Body = Readonly<Record<string, string>>;

/** Signing in, up and anew. The answer is null, or why not, in words. */
export const accounts = {
	signInWithName: (name: string) => post("/api/sign-in/name", { name }),
	signIn: (email: string, password: string) => post("/api/auth/sign-in/email", { email, password }),
	signUp: (name: string, email: string, password: string, link: string) =>
		post("/api/auth/sign-up/email", { name, email, password, link }),
	resetPassword: (newPassword: string, token: string) => post("/api/auth/reset-password", { newPassword, token }),
};

async function post(path: string, body: Body): Promise<string | null> {
	try {
		const response = await fetch(path, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		return response.ok ? null : wordsOf(await refusalIn(response));
	} catch {
		return "The server could not be reached. Check your connection and try again."; // fetch throws for nothing else
	}
}

async function refusalIn(response: Response): Promise<Refusal> {
	const body: unknown = await response.json().catch(() => null);
	const details: unknown = field(body, "details");
	const [code, about, waitMs] = [field(body, "code"), field(details, "field"), field(details, "waitMs")];
	return {
		code: typeof code === "string" ? code : String(response.status),
		field: typeof about === "string" ? about : undefined,
		waitMs: typeof waitMs === "number" ? waitMs : undefined,
	};
}

const field = (value: unknown, name: string): unknown =>
	typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

function wordsOf({ code, field, waitMs }: Refusal): string {
	if (code === "rate_limited" || code === "429") {
		return waitMs === undefined
			? "Too many tries. Wait a minute."
			: `Too many tries. Wait ${Math.ceil(waitMs / 1000)} seconds.`;
	}
	return WORDS.get(`${code} ${field}`) ?? WORDS.get(code) ?? "That did not work. Try again in a moment.";
}

/** By code, or by code and the field it is about. */
const WORDS = new Map([
	["name_taken", "Somebody here already has that name, or it is reserved. Pick another."],
	["name_taken email", "There is an account with this e-mail address. Sign in instead."],
	["bad_input email", "This is not an e-mail address."],
	["bad_input password", "This password is too short or too long."],
	["text_empty", "Write your name first."],
	["text_invalid", "There is a character in this name that cannot be used."],
	["text_too_long", "This name is too long."],
	["forbidden", "This server is by invitation. Ask its owner for a fresh link."],
	["forbidden token", "This link was used already, or is too old. Ask for a fresh one."],
	["not_found", "This is not switched on here."],
	["unauthenticated", "The e-mail address or the password is not right."],
	["busy", "The server has a lot to do. Try again in a moment."],
]);
