import { z } from "zod";

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Room ids: `general`, `r-…` (random) or `d-…` (the two or more people of a direct room). Never made from a name. */
export const RoomId = z.string().regex(ID);
export const WorkspaceId = z.string().regex(ID);
export const UserId = z.string().regex(ID);
/** A sender's permanent key for one act: the same nonce never takes effect twice. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
/** A room's own sequence number: the one order everybody sees. */
export const Seq = z.int().min(1);
/** Raised by every change of any row of one actor. */
export const Version = z.int().min(0);
/** Milliseconds since 1970, as the server saw it. */
export const UnixMs = z.int().min(0);
