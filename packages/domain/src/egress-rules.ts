import type { Egress, EgressPreset, RefusedHost, SetEgressInput } from "./egress.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

/** Where a sandbox may go: a host by name, or with `*.` every host below one; and on which ports. */
export interface EgressRule {
	readonly host: string;
	readonly ports: readonly number[];
}

const WEB: readonly number[] = [80, 443];

/** Whoever may read from a git host may also write to it what the sandbox holds. */
export const PRESET_HOSTS: Readonly<Record<EgressPreset, readonly string[]>> = {
	npm: ["registry.npmjs.org", "registry.yarnpkg.com"],
	pypi: ["pypi.org", "files.pythonhosted.org"],
	crates: ["crates.io", "index.crates.io", "static.crates.io"],
	go: ["proxy.golang.org", "sum.golang.org"],
	rubygems: ["rubygems.org", "index.rubygems.org"],
	maven: ["repo.maven.apache.org", "repo1.maven.org"],
	system: [
		...["deb.debian.org", "security.debian.org"],
		...["archive.ubuntu.com", "security.ubuntu.com", "dl-cdn.alpinelinux.org"],
	],
	github: [
		...["github.com", "api.github.com", "codeload.github.com"],
		...["objects.githubusercontent.com", "raw.githubusercontent.com", "release-assets.githubusercontent.com"],
	],
	gitlab: ["gitlab.com"],
	bitbucket: ["bitbucket.org"],
	codeberg: ["codeberg.org"],
};

/** A name as DNS knows it (RFC 1123), in small letters, without the final dot; undefined for everything else. */
export function hostName(text: string): string | undefined {
	const name = text.toLowerCase().replace(/\.$/, "");
	// A name whose last part is a number is an address, in one of the ways to write them (WHATWG URL, "ends in a number").
	if (name.length > 253 || /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name)) return undefined;
	const isName = name.split(".").every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
	return isName && name.includes(".") ? name : undefined;
}

/** Whether one of the rules names this host, which is as `hostName` gives it. Addresses are never named. */
export function isAllowed(rules: readonly EgressRule[], host: string, port: number): boolean {
	return rules.some((rule) => {
		if (!rule.ports.includes(port)) return false;
		return rule.host.startsWith("*.")
			? host.endsWith(rule.host.slice(1)) && host.length >= rule.host.length
			: host === rule.host;
	});
}

/** What a workspace's sandbox may reach: nothing unless its owner named it. */
export function egressRules(egress: Egress | undefined): readonly EgressRule[] {
	if (egress === undefined) return [];
	return [
		...egress.presets.flatMap((preset) => PRESET_HOSTS[preset].map((host) => ({ host, ports: WEB }))),
		...egress.hosts.map(egressRule),
	];
}

/**
 * What a person wrote as the name of a host; the address of a page is as good. Its ports are those of the web, or the one
 * that is named.
 * @throws Problem `bad_input` with the `host` it is about
 */
export function egressRule(text: string): EgressRule {
	const [, star = "", name = "", port] =
		/^(\*\.)?([^:/]+)(?::(\d{1,5}))?$/.exec(
			text
				.trim()
				.toLowerCase()
				.replace(/^https?:\/\//, "")
				.replace(/\/.*$/s, ""),
		) ?? [];
	const host = hostName(name);
	const ports = port === undefined ? WEB : [Number(port)];
	if (host === undefined || ports.some((one) => one < 1 || one > 65_535)) {
		throw new Problem("bad_input", "Hosts are named like registry.example.com, *.example.com or example.com:8080.", {
			field: "hosts",
			host: text.slice(0, 100),
		});
	}
	return { host: star + host, ports };
}

const textOf = ({ host, ports }: EgressRule): string => (ports === WEB ? host : `${host}:${ports[0]}`);

type Bounds = Pick<Limits, "egressAllowedMax" | "egressIgnoredMax" | "egressRefusedMax" | "egressRefusedMs">;

/**
 * What somebody chose, in one spelling. What was ignored and is allowed now is not ignored any more.
 * @throws Problem `bad_input`
 */
export function chosenEgress(input: SetEgressInput, before: Egress | undefined, limits: Bounds): Egress {
	const hosts = [...new Set(input.hosts.map((host) => textOf(egressRule(host))))].sort();
	const { egressAllowedMax: hostsMax } = limits;
	if (hosts.length > hostsMax) throw new Problem("bad_input", `At most ${hostsMax} hosts can be named.`, { hostsMax });
	const presets = [...new Set(input.presets)].sort();
	const rules = egressRules({ presets, hosts });
	const ignored = before?.ignored?.filter((host) => !WEB.some((port) => isAllowed(rules, host, port)));
	return { presets, hosts, ...(ignored && ignored.length > 0 && { ignored }) };
}

/** The names of what is new and of what is gone. */
export function egressChange(before: Egress | undefined, after: Egress): { added: string[]; removed: string[] } {
	const old = new Set<string>([...(before?.presets ?? []), ...(before?.hosts ?? [])]);
	const now = new Set<string>([...after.presets, ...after.hosts]);
	return {
		added: [...now].filter((name) => !old.has(name)),
		removed: [...old].filter((name) => !now.has(name)),
	};
}

/** Without what may be reached by now. */
export function stillRefused(refused: readonly RefusedHost[], egress: Egress | undefined): RefusedHost[] {
	const rules = egressRules(egress);
	return refused.filter(({ reason, host, port }) => reason === "private_address" || !isAllowed(rules, host, port));
}

/**
 * With one more host, newest first; undefined where it is not to be told: it is known, it is ignored, or so many were told
 * lately that a program is trying names.
 */
export function withRefused(
	known: readonly RefusedHost[],
	refused: RefusedHost,
	egress: Egress | undefined,
	limits: Bounds,
): RefusedHost[] | undefined {
	if (egress?.ignored?.includes(refused.host)) return undefined;
	if (
		known.some(({ host, port, reason }) => host === refused.host && port === refused.port && reason === refused.reason)
	)
		return undefined;
	const oldest = known.at(limits.egressRefusedMax - 1);
	if (oldest !== undefined && refused.at - oldest.at < limits.egressRefusedMs) return undefined;
	return [refused, ...known].slice(0, limits.egressRefusedMax);
}

/** From now on nothing is told of this host. */
export function ignoring(egress: Egress | undefined, host: string, limits: Bounds): Egress {
	const { presets = [], hosts = [], ignored = [] } = egress ?? {};
	return { presets, hosts, ignored: [...ignored.filter((one) => one !== host), host].slice(-limits.egressIgnoredMax) };
}
