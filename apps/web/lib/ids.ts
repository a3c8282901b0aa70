import { randomBytes } from "node:crypto";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Random lower-case base32 (RFC 4648's alphabet): `count` characters of five bits each. */
export const randomBase32 = (count: number): string =>
	Array.from(randomBytes(count), (byte) => BASE32[byte & 31]).join("");

/** 130 random bits; matches `UserId`. */
export const newUserId = (): string => `u-${randomBase32(26)}`;
