import { createHash, randomBytes } from "node:crypto";
import { directKey } from "@bullpen/domain/direct-room";
import type { DirectoryExtra, RoomRecord } from "./directory-store.ts";

/** The room that everybody starts in: nobody's, and the only one whose id says its name. */
export const GENERAL = "general";

/** 120 random bits, in the pattern of ids. */
export const randomId = (prefix: string): string => `${prefix}${randomBytes(15).toString("hex")}`;

/** The same person and nonce always mean the same workspace. */
export const workspaceIdOf = (ownerId: string, nonce: string): string =>
	`w-${sha256(JSON.stringify([ownerId, nonce])).slice(0, 30)}`;

/** The same people always mean the same direct room. */
export const directIdOf = (people: readonly string[]): string => `d-${sha256(directKey(people)).slice(0, 32)}`;

/** Where the record of a direct room is kept among those of names. No name is two lines, so none is equal to it. */
export const directNameKey = (roomId: string): string => `\n${roomId}`;

export const roomKey = (nameKey: string): string => `room ${nameKey}`;
export const roomIdKey = (roomId: string): string => `room id ${roomId}`;
export const workspaceKey = (workspaceId: string): string => `workspace ${workspaceId}`;
export const botKey = (userId: string): string => `bot ${userId}`;
export const barKey = (userId: string): string => `bar ${userId}`;

/** What a record is kept under: its key in a draft, and in memory. */
export function recordKey(record: Exclude<DirectoryExtra, { kind: "act" }>): string {
	switch (record.kind) {
		case "room":
		case "freed":
			return roomKey(record.nameKey);
		case "workspace":
			return workspaceKey(record.workspaceId);
		case "bot":
			return botKey(record.userId);
		case "bar":
			return barKey(record.userId);
	}
}

/** Whether everybody finds it. */
export const isListed = (record: RoomRecord): boolean => record.visibility === "public";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
