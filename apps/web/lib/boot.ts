import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Identity, identity } from "./identity.ts";
import { type AccountsContext, hasOwner, isLinkGood, makeSignUpLink, promiseOwnershipToFirstAccount } from "./links.ts";

/** Before the first request: the accounts are there, and somebody can become the owner. */
export async function boot(): Promise<void> {
	try {
		const held = await identity();
		await offerOwnership(held);
		sweepFiles(held);
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	}
}

/** As long as this process lives. */
function sweepFiles({ waitingFiles, settings }: Identity): void {
	const sweep = (): void => {
		waitingFiles.sweep(Date.now()).catch((error: unknown) => {
			process.stderr.write(`files that wait were not looked through: ${String(error)}\n`);
		});
	};
	setInterval(sweep, settings.limits.messageFilesSweepMs).unref();
}

/** In production the first owner comes by a link that only whoever runs the server can read; a good one is kept. */
export async function offerOwnership({ settings, auth }: Identity): Promise<void> {
	const context = await auth.$context;
	const file = settings.ownerLinkFile;
	if (await hasOwner(context)) return rmSync(file, { force: true });
	if (settings.nameSignIn) return promiseOwnershipToFirstAccount(context);
	if (await isStillGood(context, file)) return;
	const { url } = await makeSignUpLink(settings, context, "owner", Date.now() + settings.limits.ownerLinkMs);
	rmSync(file, { force: true });
	writeFileSync(file, `${url}\n`, { mode: 0o600, flag: "wx" });
}

async function isStillGood(context: AccountsContext, file: string): Promise<boolean> {
	try {
		const secret = readFileSync(file, "utf8").trim().split("#")[1];
		return secret !== undefined && (await isLinkGood(context, secret));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
		throw error;
	}
}
