import { hostName } from "@bullpen/domain/egress-rules";
import { EgressRefusal } from "./egress-refusal.ts";

/** A host by its name, as `hostName` gives it. */
export interface EgressTarget {
	readonly host: string;
	readonly port: number;
}

/** @throws EgressRefusal */
export function connectTarget(authority = ""): EgressTarget {
	const match = /^([^:/@\s]{1,253}):(\d{1,5})$/.exec(authority);
	return targetOf(match?.[1] ?? "", Number(match?.[2]));
}

/** @throws EgressRefusal */
export function absoluteTarget(address = ""): EgressTarget & { readonly path: string; readonly hostHeader: string } {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.protocol !== "http:" || url.username !== "" || url.password !== "") {
		throw new EgressRefusal("bad_request", 400, "This is a proxy: it needs an http address without a name in it.");
	}
	return {
		...targetOf(url.hostname, Number(url.port || 80)),
		path: `${url.pathname}${url.search}`,
		hostHeader: url.host,
	};
}

/** @throws EgressRefusal */
function targetOf(name: string, port: number): EgressTarget {
	const host = hostName(name);
	if (host === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new EgressRefusal("not_allowed", 403, "Hosts are reached by their names, with a port.");
	}
	return { host, port };
}
