import type { Connection } from "@bullpen/client/connection";
import type { ActorName } from "@bullpen/domain/identity";

/** One that is open, on which nothing is ever told: what is asked is answered by `answer`. */
export function fakeConnection<A extends ActorName>(
	answer: (name: string, input: Record<string, unknown>) => unknown,
): Connection<A> {
	const connection = {
		isOpen: true,
		onOpenChange: () => () => undefined,
		on: () => () => undefined,
		call: async (name: string, input: unknown) => answer(name, { ...(input as object) }),
	};
	return connection as unknown as Connection<A>;
}
