import type { ActorName } from "@bullpen/domain/identity";
import type { AnyActorDefinition, Registry as RivetRegistry } from "rivetkit";

/**
 * What pages see of `@bullpen/actors` (`paths` of tsconfig.json): which actors there are. What they say and take is typed by
 * `domain/wire.ts`, and the code of the server stays out of the page's program, whose global types it does not share.
 */
export type Registry = RivetRegistry<Record<ActorName, AnyActorDefinition>>;
