import { EgressPreset, type RefusedHost } from "@bullpen/domain/egress";
import { chosenEgress, egressRules, isAllowed } from "@bullpen/domain/egress-rules";
import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import { egressName, egressWith, GIT_HOSTS, hostWords, offerFor, PACKAGES, typedHosts } from "./egress-words.ts";

const refused = (host: string, port = 443): RefusedHost => ({ host, port, reason: "not_allowed", at: 0 });

test.each([
	[refused("registry.yarnpkg.com"), "Allow npm"],
	[refused("registry.yarnpkg.com", 8080), "Allow"],
	[refused("example.com"), "Allow"],
	[refused("example.com", 22), "Allow"],
])("a yes to %o is offered as %j, and lets exactly that through", (host, words) => {
	const offer = offerFor(host);
	expect(offer.words).toBe(words);
	const before = { presets: [], hosts: ["kept.org"] };
	const rules = egressRules(chosenEgress(egressWith(before, offer.added), before, LIMITS));
	expect(isAllowed(rules, host.host, host.port)).toBe(true);
	expect(isAllowed(rules, "kept.org", 443)).toBe(true);
	expect(isAllowed(rules, "other.org", 443)).toBe(false);
});

test("everything that is known has words and a place in the dialog", () => {
	expect([...PACKAGES, ...GIT_HOSTS].sort()).toEqual([...EgressPreset.options].sort());
	expect(egressName("pypi")).toBe("PyPI");
	expect(egressName("a.example.com")).toBe("a.example.com");
	expect(hostWords(refused("a.org", 8443))).toBe("a.org:8443");
});

test("hosts are typed with any space or comma between them", () => {
	expect(typedHosts(" a.org\n\nb.org, c.org\tb.net ")).toEqual(["a.org", "b.org", "c.org", "b.net"]);
});
