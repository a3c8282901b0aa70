import { join } from "node:path";
import type { ActorName } from "@bullpen/domain/identity";
import type { BlobStore } from "@bullpen/files/blob-store";
import { FolderStore } from "@bullpen/files/folder-store";
import { readEnvironment } from "./env.ts";
import { readKeys, serviceToken } from "./identity.ts";

/** What this process is made of, read once: its environment and its keys. Actors take what they need from here. */
export const environment = readEnvironment(process.env);
export const keys = readKeys(environment.keysFolder);
export const limits = environment.limits;
/** Files of messages, where the web keeps them. */
export const blobs: BlobStore = new FolderStore(join(environment.dataFolder, "files"));

/** Connection params for calling another actor as `subject`; asked for again at every (re)connect. */
export function callAs(subject: string, actor: ActorName, key: string): { service: string } {
	return { service: serviceToken(keys, limits, Date.now(), { subject, actor, key }) };
}
