import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { sweepExports } from "./archive/exports.ts";
import { type Identity, identity } from "./identity.ts";
import { type AccountsContext, hasOwner, isLinkGood, makeSignUpLink, promiseOwnershipToFirstAccount } from "./links.ts";
import { sweepUploads } from "./uploads.ts";

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

/** As long as this process lives: what is old goes, whether or not anybody comes. */
function sweepFiles(held: Identity): void {
	setInterval(() => void sweepAll(held, Date.now()), held.settings.limits.messageFilesSweepMs).unref();
}

/** Never rejects: what cannot be looked through now is for the next time. */
export async function sweepAll({ waitingFiles, settings }: Identity, now: number): Promise<void> {
	const sweeps = [waitingFiles.sweep(now), sweepUploads(settings, now), sweepExports(settings, now)];
	for (const swept of await Promise.allSettled(sweeps)) {
		if (swept.status === "rejected")
			process.stderr.write(`old files were not looked through: ${String(swept.reason)}\n`);
	}
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
