import { isIP } from "node:net";

/** Where a sandbox may go: a host by name, or with `*.` every host below one; and on which ports. */
export interface EgressRule {
	readonly host: string;
	readonly ports: readonly number[];
}

const WEB = [80, 443] as const;
const rules = (...hosts: string[]): readonly EgressRule[] => hosts.map((host) => ({ host, ports: WEB }));

/** Where programs and libraries come from. */
export const PACKAGE_REGISTRIES: readonly EgressRule[] = rules(
	"registry.npmjs.org",
	"registry.yarnpkg.com",
	"pypi.org",
	"files.pythonhosted.org",
	"crates.io",
	"index.crates.io",
	"static.crates.io",
	"proxy.golang.org",
	"sum.golang.org",
	"rubygems.org",
	"index.rubygems.org",
	"repo.maven.apache.org",
	"repo1.maven.org",
	"deb.debian.org",
	"security.debian.org",
	"archive.ubuntu.com",
	"security.ubuntu.com",
	"dl-cdn.alpinelinux.org",
);

/** Where repositories are. Whoever may read from them may also write to them what the sandbox holds. */
export const GIT_HOSTS: readonly EgressRule[] = rules(
	"github.com",
	"codeload.github.com",
	"objects.githubusercontent.com",
	"raw.githubusercontent.com",
	"gitlab.com",
	"bitbucket.org",
	"codeberg.org",
);

/** A name as DNS knows it (RFC 1123), in small letters, without the final dot; undefined for everything else. */
export function hostName(text: string): string | undefined {
	const name = text.toLowerCase().replace(/\.$/, "");
	if (name.length > 253 || isIP(name) !== 0 || /^\d+$/.test(name.split(".").at(-1) ?? "")) return undefined;
	const isName = name.split(".").every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
	return isName && name.includes(".") ? name : undefined;
}

/** Whether one of the rules names this host, which is as `hostName` gives it. Addresses are never named. */
export function isAllowed(rules: readonly EgressRule[], host: string, port: number): boolean {
	return rules.some((rule) => {
		if (!rule.ports.includes(port)) return false;
		const named = rule.host.toLowerCase();
		return named.startsWith("*.") ? host.endsWith(named.slice(1)) && host.length >= named.length : host === named;
	});
}
