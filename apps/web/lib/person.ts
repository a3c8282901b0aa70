import { UserId } from "@bullpen/domain/id";
import { ServerRole } from "@bullpen/domain/identity";
import { z } from "zod";

/** Whoever is signed in, as the accounts know them now. */
export const Person = z.object({ id: UserId, name: z.string(), email: z.string(), role: ServerRole });
export type Person = z.infer<typeof Person>;
