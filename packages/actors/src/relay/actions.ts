import { isPublicAction, ruleOf } from "@bullpen/domain/authorization";
import type { ActorName } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { RivetError } from "rivetkit";
import { serviceAction } from "../action.ts";
import type { ActionFrame } from "../frame.ts";
import { identify, type Person } from "../identity.ts";
import { keys, limits } from "../process.ts";
import { CallFrame } from "./call-frame.ts";
import type { Relay } from "./relay.ts";

/** What an actor's `vars` have for edges. */
interface Relaying {
	readonly relay: Pick<Relay<"chatRoom">, "frame" | "attach" | "detach" | "forward" | "listen">;
}
type Actions<Vars> = Readonly<Record<string, (c: ActionFrame<Vars>, ...args: never[]) => Promise<unknown>>>;

const OK = { ok: true } as const;

/**
 * The actions of edges, the same on every actor. People who come through an edge run the actor's own `actions`, with a
 * frame like that of a direct call.
 */
export function relayActions<Vars extends Relaying>(actor: ActorName, actions: Actions<Vars>) {
	const service = <N extends "attach" | "detach" | "forward" | "listen">(
		name: N,
		handler: Parameters<typeof serviceAction<Vars, "chatRoom", N>>[2],
	) => serviceAction<Vars, "chatRoom", N>("chatRoom", name, handler); // schema and rule are the same for all actors
	return {
		attach: service("attach", (c, { people }) => c.vars.relay.attach(c.conn, people, prover(actor, c.key))),
		detach: service("detach", async (c, { connectionIds }) => {
			await c.vars.relay.detach(c.conn, connectionIds);
			return OK;
		}),
		forward: service("forward", async (c, { calls }) => {
			const { vars } = c;
			vars.relay.forward(c.conn, calls, (connection, name, args) =>
				perform(actor, actions, name, new CallFrame(vars.relay.frame, vars, connection), args),
			);
			return OK;
		}),
		listen: service("listen", async (c, { events }) => {
			c.vars.relay.listen(c.conn, events);
			return OK;
		}),
	};
}

/** Reads a ticket for this actor into the person it proves. */
const prover =
	(actor: ActorName, key: readonly string[]) =>
	(ticket: string): Person => {
		const caller = identify({ ticket }, { keys, actor, key, limits, now: Date.now() });
		if (caller.kind !== "person") throw new Error("a ticket proved no person");
		return caller;
	};

/** The very function that a direct call runs. @throws what a direct call is refused with */
async function perform<Vars>(
	actor: ActorName,
	actions: Actions<Vars>,
	name: string,
	c: ActionFrame<Vars>,
	args: unknown,
): Promise<unknown> {
	if (ruleOf(actor, name) === undefined && !Object.hasOwn(actions, name)) {
		throw new RivetError("actor", "action_not_found", `Action \`${name}\` was not found.`, { public: true });
	}
	const action = isPublicAction(actor, name) ? actions[name] : undefined;
	if (action === undefined) throw new Problem("forbidden", "You may not do that here.");
	return action(c, ...(argumentsOf(args) as never[])); // whose types every action proves itself
}

/** As RivetKit 2.3.19 reads them. */
const argumentsOf = (args: unknown): unknown[] =>
	Array.isArray(args) ? args : args === undefined || args === null ? [] : [args];
