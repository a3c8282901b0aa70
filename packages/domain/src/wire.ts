import type { z } from "zod";
import type { ActorName } from "./identity.ts";
import { CHAT_ROOM } from "./wire/chat-room.ts";
import { DIRECTORY } from "./wire/directory.ts";
import { SEARCH } from "./wire/search.ts";
import type { ActionShape, ActorShape } from "./wire/shape.ts";
import { USER_INBOX } from "./wire/user-inbox.ts";
import { WORKSPACE } from "./wire/workspace.ts";

/** Everything that crosses the wire to and from actors. Names are fixed; the wire-hash test notices any change. */
export const WIRE = {
	chatRoom: CHAT_ROOM,
	userInbox: USER_INBOX,
	workspace: WORKSPACE,
	directory: DIRECTORY,
	search: SEARCH,
} as const satisfies Record<ActorName, ActorShape>;

const SHAPES: Readonly<Record<ActorName, ActorShape>> = WIRE;

/** The shape of an action looked up by what somebody said its name is. */
export function actionShape(actor: ActorName, name: string): ActionShape | undefined {
	const { actions } = SHAPES[actor];
	return Object.hasOwn(actions, name) ? actions[name] : undefined;
}

type Wire = typeof WIRE;
export type ActionName<A extends ActorName> = keyof Wire[A]["actions"] & string;
export type EventName<A extends ActorName> = keyof Wire[A]["events"] & string;
/** What a caller writes. */
export type ActionInput<A extends ActorName, N extends ActionName<A>> = Wire[A]["actions"][N] extends {
	input: infer I extends z.ZodType;
}
	? z.input<I>
	: never;
export type ActionOutput<A extends ActorName, N extends ActionName<A>> = Wire[A]["actions"][N] extends {
	output: infer O extends z.ZodType;
}
	? z.infer<O>
	: never;
export type EventPayload<A extends ActorName, N extends EventName<A>> = Wire[A]["events"][N] extends infer E extends
	z.ZodType
	? z.infer<E>
	: never;
