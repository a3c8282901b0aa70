import { authoriseService, refuseOutOfScope } from "@bullpen/domain/authorization";
import type { ActorName } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { type ActionInput, type ActionName, type ActionOutput, actionShape, type WIRE } from "@bullpen/domain/wire";
import { UserError } from "rivetkit";
import type { z } from "zod";
import type { Audience } from "./audience.ts";
import type { ActionFrame, Connection, Frame } from "./frame.ts";
import type { Caller, Person } from "./identity.ts";

type Service = Extract<Caller, { kind: "service" }>;
/** An action's input, once parsed. */
export type Parsed<A extends ActorName, N extends ActionName<A>> = (typeof WIRE)[A]["actions"][N] extends {
	input: infer I extends z.ZodType;
}
	? z.output<I>
	: never;
/** One argument, which may be left out where the wire says so. What a client's types see. */
type Arguments<A extends ActorName, N extends ActionName<A>> =
	undefined extends ActionInput<A, N> ? [input?: ActionInput<A, N>] : [input: ActionInput<A, N>];
export type Action<Vars, A extends ActorName, N extends ActionName<A>> = (
	c: ActionFrame<Vars>,
	...args: Arguments<A, N>
) => Promise<ActionOutput<A, N>>;
interface Audible<A extends ActorName> {
	readonly audience: Audience<A>;
}

/**
 * An action that people call: rate limited, admitted, its input parsed by the wire's schema, refusals typed. Services are
 * refused. Whoever is not admitted learns nothing else, not even that their input was wrong.
 */
export function personAction<Vars extends Audible<A>, A extends ActorName, N extends ActionName<A>>(
	actor: A,
	name: N,
	handler: (c: ActionFrame<Vars>, input: Parsed<A, N>, person: Person) => Promise<ActionOutput<A, N>>,
	admit?: (c: ActionFrame<Vars>, person: Person) => void,
): Action<Vars, A, N> {
	return async (c, ...args) =>
		answer(c, async () => {
			const caller = callerOf(c);
			if (caller?.kind !== "person") throw forbidden();
			c.vars.audience.spend(c.conn, "call");
			refuseOutOfScope(actor, name, caller);
			admit?.(c, caller);
			return handler(c, parse<A, N>(actor, name, args), caller);
		});
}

/** An action that only our own processes call, with a signed service token that the table names. People are refused. */
export function serviceAction<Vars, A extends ActorName, N extends ActionName<A>>(
	actor: A,
	name: N,
	handler: (c: ActionFrame<Vars>, input: Parsed<A, N>, service: Service) => Promise<ActionOutput<A, N>>,
): Action<Vars, A, N> {
	return async (c, ...args) =>
		answer(c, async () => {
			const caller = callerOf(c);
			if (caller?.kind !== "service") throw forbidden();
			authoriseService(actor, name, caller);
			return handler(c, parse<A, N>(actor, name, args), caller);
		});
}

/** An action that only the actor's own persistent alarms run (`c.schedule`): whoever calls it is refused. */
export function alarmAction<Vars>(handler: (c: Frame<Vars>) => Promise<void>): (c: Frame<Vars>) => Promise<void> {
	return async (c) =>
		answer(c, async () => {
			if ("conn" in c) throw forbidden();
			return handler(c);
		});
}

/** Runs a hook or action so that a `Problem` reaches the client as `user/<code>` with its numbers as metadata. */
export async function answer<Result>(c: Pick<Frame<unknown>, "log">, run: () => Promise<Result>): Promise<Result> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof Problem) throw new UserError(error.message, { code: error.code, metadata: error.details });
		c.log.error({ msg: "an action failed", error: error instanceof Error ? error.stack : String(error) });
		throw error;
	}
}

function callerOf(c: { conn?: Connection }): Caller | undefined {
	return c.conn?.state;
}

function parse<A extends ActorName, N extends ActionName<A>>(
	actor: A,
	name: N,
	args: readonly unknown[],
): Parsed<A, N> {
	const shape = actionShape(actor, name);
	if (shape === undefined) throw new Error(`no such action on the wire: ${actor}.${name}`);
	if (args.length > 1) throw new Problem("bad_input", `${name} takes one argument.`, { arguments: args.length });
	const parsed = shape.input.safeParse(args[0]);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const field = issue?.path.join(".") ?? "";
		throw new Problem("bad_input", `${name}: ${field === "" ? "" : `${field}: `}${issue?.message ?? "wrong input"}`, {
			field,
		});
	}
	return parsed.data as Parsed<A, N>; // the schema looked up by the same two names has just proved it
}

const forbidden = (): Problem => new Problem("forbidden", "You may not do that here.");
