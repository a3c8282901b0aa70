import { rmSync } from "node:fs";
import { cleanPersonName } from "@bullpen/domain/person-name";
import { nameKey } from "@bullpen/domain/room-name";
import { betterAuth } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import type { AccountsDatabase } from "./accounts-database.ts";
import { authRefusal, refusingAsAuth } from "./auth-refusal.ts";
import type { EndedSession } from "./ended-sessions.ts";
import { newUserId, randomBase32 } from "./ids.ts";
import { type AccountsContext, isLinkGood, roleOfNewAccount } from "./links.ts";
import { nameSignIn } from "./name-sign-in.ts";
import type { Settings } from "./settings.ts";

export type Auth = ReturnType<typeof createAuth>;

interface AccountEvents {
	/** Hears of every end, whatever ended it. */
	readonly sessionEnded: (session: EndedSession) => Promise<void>;
	/** Somebody has a new password, and all their sessions were ended. */
	readonly passwordReset: (userId: string) => Promise<void>;
}

/** The accounts of this server. Tables are made by `migrateAccounts`. */
export function createAuth(
	settings: Settings,
	database: AccountsDatabase,
	secret: string,
	{ sessionEnded, passwordReset }: AccountEvents,
) {
	const { limits, publicUrl } = settings;
	return betterAuth({
		appName: "Bullpen",
		baseURL: publicUrl.origin,
		basePath: "/api/auth",
		secret,
		database,
		trustedOrigins: [publicUrl.origin],
		telemetry: { enabled: false },
		logger: { level: "error" },
		// Refusals are answers, not errors; what is neither is a bug and is told.
		onAPIError: {
			onError: (error) => {
				if (!(error instanceof APIError)) process.stderr.write(`accounts: ${String(error)}\n`);
			},
		},
		emailAndPassword: {
			enabled: true,
			minPasswordLength: limits.passwordCharsMin,
			maxPasswordLength: limits.passwordCharsMax,
			revokeSessionsOnPasswordReset: true,
			onPasswordReset: ({ user }) => passwordReset(user.id),
		},
		session: { expiresIn: limits.sessionMs / 1000, updateAge: 24 * 60 * 60, cookieCache: { enabled: false } },
		verification: { storeIdentifier: "hashed" },
		user: {
			additionalFields: {
				role: { type: "string", required: true, input: false, defaultValue: "member" },
				// Only an owner sets it, and while it is set nobody signs in.
				isClosed: { type: "boolean", required: false, input: false },
				// Unique, so that nobody passes for another. The hook below always replaces the default.
				nameKey: { type: "string", required: true, input: false, unique: true, returned: false, defaultValue: "" },
			},
		},
		rateLimit: {
			enabled: true,
			storage: "memory",
			customRules: { "/sign-in/name": { window: 10, max: 200 }, "/sign-out": { window: 10, max: 60 } },
		},
		advanced: {
			cookiePrefix: "bullpen",
			useSecureCookies: publicUrl.protocol === "https:",
			defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
			disableOriginCheck: false,
			disableCSRFCheck: false,
			// The edge sets this header itself and drops what a client sent.
			ipAddress: { ipAddressHeaders: ["x-forwarded-for"] },
			database: { generateId: ({ model }) => (model === "user" ? newUserId() : randomBase32(26)) },
		},
		hooks: {
			before: createAuthMiddleware(async (context) => {
				if (context.path === "/sign-up/email") await admitSignUp(settings, context.context, context.body);
			}),
		},
		databaseHooks: {
			session: {
				delete: { after: ({ id, userId }) => sessionEnded({ id, userId }) },
				create: {
					before: async ({ userId }, context) => {
						const user = await context?.context.internalAdapter.findUserById(userId);
						if (user && Reflect.get(user, "isClosed"))
							throw authRefusal("forbidden", "This account was closed. Ask an owner of this server.", {
								field: "account",
							});
					},
				},
			},
			user: {
				create: {
					before: async (user, context) => {
						if (!context) throw new Error("An account is only made by a request.");
						const name = refusingAsAuth(() => cleanPersonName(user.name, limits));
						const role = await roleOfNewAccount(settings, context.context, linkIn(context.body));
						return { data: { ...user, name, nameKey: nameKey(name), role } };
					},
					after: async ({ role }) => {
						if (role === "owner") rmSync(settings.ownerLinkFile, { force: true });
					},
				},
			},
		},
		plugins: settings.nameSignIn ? [nameSignIn(limits)] : [],
	});
}

/** Makes and upgrades the tables. */
export async function migrateAccounts(auth: Auth): Promise<void> {
	const { runMigrations } = await getMigrations(auth.options);
	await runMigrations();
}

/** Refused before the account's transaction begins, and before anybody learns whether an address is known. */
async function admitSignUp(settings: Settings, context: AccountsContext, body: unknown): Promise<void> {
	const link = linkIn(body);
	if (!settings.nameSignIn && !(link && (await isLinkGood(context, link))))
		throw authRefusal("forbidden", "This server is by invitation. Ask its owner for a fresh link.");
	const name = refusingAsAuth(() => cleanPersonName(textIn(body, "name") ?? "", settings.limits));
	const taken = await context.adapter.findOne({
		model: "user",
		where: [{ field: "nameKey", value: nameKey(name) }],
	});
	if (taken) throw authRefusal("name_taken", "Somebody here already has that name.", { name });
}

const linkIn = (body: unknown): string | undefined => textIn(body, "link");

function textIn(body: unknown, field: string): string | undefined {
	if (typeof body !== "object" || body === null) return undefined;
	const value: unknown = Reflect.get(body, field);
	return typeof value === "string" ? value : undefined;
}
