import type { Egress, EgressPreset, RefusedHost, SetEgressInput } from "@bullpen/domain/egress";
import { PRESET_HOSTS } from "@bullpen/domain/egress-rules";

export const PRESETS: Readonly<Record<EgressPreset, string>> = {
	npm: "npm",
	pypi: "PyPI",
	crates: "crates.io",
	go: "Go modules",
	rubygems: "RubyGems",
	maven: "Maven",
	system: "Debian, Ubuntu, Alpine",
	github: "GitHub",
	gitlab: "GitLab",
	bitbucket: "Bitbucket",
	codeberg: "Codeberg",
};

export const PACKAGES = ["npm", "pypi", "crates", "go", "rubygems", "maven", "system"] as const;
export const GIT_HOSTS = ["github", "gitlab", "bitbucket", "codeberg"] as const;

/** A preset or a host, as the list of changes names it. */
export const egressName = (name: string): string =>
	Object.entries(PRESETS).find(([preset]) => preset === name)?.[1] ?? name;

const isOfWeb = (port: number): boolean => port === 80 || port === 443;

/** A refused host as it would be named. */
export const hostWords = ({ host, port }: Pick<RefusedHost, "host" | "port">): string =>
	isOfWeb(port) ? host : `${host}:${port}`;

/** What a yes to a refused host would add: what it is known for, or else the host alone. */
export function offerFor(refused: RefusedHost): { words: string; added: Partial<SetEgressInput> } {
	const preset = [...PACKAGES, ...GIT_HOSTS].find((one) => PRESET_HOSTS[one].includes(refused.host));
	return preset !== undefined && isOfWeb(refused.port)
		? { words: `Allow ${PRESETS[preset]}`, added: { presets: [preset] } }
		: { words: "Allow", added: { hosts: [hostWords(refused)] } };
}

/** What there is with something more. */
export const egressWith = (egress: Egress | undefined, added: Partial<SetEgressInput>): SetEgressInput => ({
	presets: [...(egress?.presets ?? []), ...(added.presets ?? [])],
	hosts: [...(egress?.hosts ?? []), ...(added.hosts ?? [])],
});

/** Hosts as they are typed, one per line or with commas between them. */
export const typedHosts = (text: string): string[] => text.split(/[\s,]+/).filter((host) => host !== "");
