/** One setting of rivet-engine: its environment name, what we set it to, and why it cannot stay as it is. */
type Setting = { readonly name: string; readonly value: string; readonly why: string };

/** Where this engine lives: filled in by whoever starts it. */
export type EnginePlace = {
	/** The three ports a standalone engine opens: actors and public API, other engines, metrics. */
	readonly ports: EnginePorts;
	/** Folder of its RocksDB. */
	readonly storage: string;
	/** Closes the public API and the registration of actor processes to everybody else on the machine. */
	readonly token: string;
};
/**
 * What every process of actors runs with: RivetKit starts a `rivet-engine` of its own, without token and under the home
 * folder, when the endpoint on this machine does not answer, and services beside it. With these it ends instead.
 */
export const NO_ENGINE_OF_ITS_OWN = { RIVET_ENGINE_BINARY: "/dev/null", RIVET_RUN_SERVICES: "0" } as const;

export type EnginePorts = { readonly guard: number; readonly peer: number; readonly metrics: number };

/** Needed for safety and for the engine to be ours alone; never left out, not even by the bench's untuned engine. */
export function placeSettings({ ports, storage, token }: EnginePlace): readonly Setting[] {
	return [
		{ name: "RIVET__GUARD__HOST", value: "127.0.0.1", why: "It would listen on every interface." },
		{ name: "RIVET__GUARD__PORT", value: String(ports.guard), why: "The fixed 6420 may be someone else's." },
		{ name: "RIVET__API_PEER__HOST", value: "127.0.0.1", why: "It would listen on every interface, with no token." },
		{ name: "RIVET__API_PEER__PORT", value: String(ports.peer), why: "The fixed 6421 may be someone else's." },
		{ name: "RIVET__METRICS__HOST", value: "127.0.0.1", why: "It would listen on every interface, with no token." },
		{ name: "RIVET__METRICS__PORT", value: String(ports.metrics), why: "The fixed 6430 may be someone else's." },
		{ name: "RIVET__FILE_SYSTEM__PATH", value: storage, why: "It would store under the home folder." },
		{ name: "RIVET__AUTH__ADMIN_TOKEN", value: token, why: "Without it any local page may list and delete actors." },
		{ name: "RIVET__TELEMETRY__ENABLED", value: "false", why: "Nothing leaves this machine." },
		{ name: "RUST_LOG", value: "warn", why: "One line per request is noise." },
	];
}

/** What measurements proved necessary (docs/operations.md has the numbers). */
export const TUNING: readonly Setting[] = [
	{ name: "RIVET__GUARD__TCP_NODELAY", value: "true", why: "Nagle's algorithm adds 40 ms to each lone answer." },
	{ name: "RUST_BACKTRACE", value: "0", why: "At 1 it spends 84 % of its CPU unwinding stacks of ordinary errors." },
	{
		name: "RIVET__RUNTIME__WORKER_CPU_MAX",
		value: "1000000",
		why: "It sheds load above 70 % CPU of the whole machine, and agents build code on it: creating and waking stall.",
	},
	{
		name: "RIVET__PEGBOARD__ENVOY_LOST_THRESHOLD",
		value: "300000",
		why: "So often it looks at each running actor, for 4 to 13 ms of CPU: at 60 s 500 idle ones take a tenth of a core.",
	},
	{
		name: "RIVET__PEGBOARD__ENVOY_ELIGIBLE_THRESHOLD",
		value: "5000",
		why: "No actor is placed on a process silent for 5 s, not 10.",
	},
	{
		name: "RIVET__PEGBOARD__ACTOR_START_THRESHOLD",
		value: "10000",
		why: "An actor placed on a process that died this instant is placed anew after 10 s, not 30.",
	},
	{
		name: "RIVET__PEGBOARD__ACTOR_STOP_THRESHOLD",
		value: "30000",
		why: "An actor that was told to stop and never says that it did is given up after 30 s, not 30 min.",
	},
	{ name: "RIVET__PEGBOARD__BASE_RETRY_TIMEOUT", value: "100", why: "A failed placement is tried again at once." },
	{
		name: "RIVET__PEGBOARD__RESCHEDULE_BACKOFF_MAX_EXPONENT",
		value: "1",
		why: "Else the wait for a returning actor process doubles up to minutes.",
	},
	{
		name: "RIVET__GUARD__RATE_LIMIT__REQUESTS",
		value: "10000000",
		why: "10,000 requests a minute per address, and everybody comes from the edge's. The edge limits people.",
	},
	{ name: "RIVET__GUARD__RATE_LIMIT__PERIOD_MS", value: "60000", why: "As above." },
	{
		name: "RIVET__GUARD__MAX_IN_FLIGHT",
		value: "100000",
		why: "2,000 requests and sockets per address, and everybody comes from the edge's.",
	},
	{
		name: "RIVET__PEGBOARD__GATEWAY_WEBSOCKET_RATE_LIMIT_REQUESTS",
		value: "1000000",
		why: "After 2,000 messages it silently slows a socket to 100 a second; actors have limits that say so.",
	},
	{ name: "RIVET__PEGBOARD__GATEWAY_WEBSOCKET_RATE_LIMIT_DRIP_RATE_MS", value: "1", why: "As above." },
	{
		name: "RIVET__PEGBOARD__ENVOY_WEBSOCKET_RATE_LIMIT_REQUESTS",
		value: "10000000",
		why: "One actor process carries every room; 5,000 messages a second are reached by one broadcast to 500 people.",
	},
	{ name: "RIVET__PEGBOARD__ENVOY_WEBSOCKET_RATE_LIMIT_DRIP_RATE_US", value: "10", why: "As above." },
	{
		name: "RIVET__PEGBOARD__ACTOR_CREATE_RATE_LIMIT_REQUESTS",
		value: "100000",
		why: "500, then 100 a second: a first start with a large team creates every inbox at once.",
	},
	{ name: "RIVET__PEGBOARD__ACTOR_CREATE_RATE_LIMIT_DRIP_RATE_MS", value: "1", why: "As above." },
	{
		name: "RIVET__RUNTIME__GUARD_SHUTDOWN_DURATION",
		value: "1",
		why: "Seconds. It would wait 10 minutes for open sockets; ours reconnect by themselves.",
	},
	{ name: "RIVET__RUNTIME__WORKER_SHUTDOWN_DURATION", value: "1", why: "Seconds, not 30: work resumes at next start." },
	{ name: "RIVET__RUNTIME__FORCE_SHUTDOWN_DURATION", value: "2", why: "Seconds, not 10 minutes." },
];

export function environmentOf(settings: readonly Setting[]): Record<string, string> {
	return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
}

/** The part of the configuration that has no environment names: a standalone engine is its own only datacenter. */
export function topologyOf({ guard, peer }: EnginePorts): object {
	const here = {
		datacenter_label: 1,
		is_leader: true,
		public_url: `http://127.0.0.1:${guard}`,
		peer_url: `http://127.0.0.1:${peer}`,
	};
	return { topology: { datacenter_label: 1, datacenters: { default: here } } };
}
