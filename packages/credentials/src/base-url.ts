import { isIP } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import { addressKind } from "./network-address.ts";

/** Where the requests of a provider go, and how far that may be from the internet. */
export interface Endpoint {
	/** Without a slash at its end. */
	readonly baseUrl: string;
	/** Its name may lead to a private address: somebody said so, or it is one. */
	readonly isPrivateAllowed: boolean;
}

export interface EndpointWish {
	readonly baseUrl: string;
	/** The owner means a server of their own network. */
	readonly isPrivateAllowed?: boolean;
	/** Hosts (`name` or `name:port`) that may be asked without TLS, from `BULLPEN_MODEL_HTTP_HOSTS`. */
	readonly httpHosts?: readonly string[];
}

const CHARS_MAX = 500;

/**
 * The rules of a base URL: `https`, or `http` for this machine and for hosts that the environment names; no name, password,
 * query or fragment; never a metadata address. An address or `localhost` written out is meant on purpose.
 * @throws Problem `bad_input` saying which rule.
 */
export function readEndpoint({ baseUrl, isPrivateAllowed = false, httpHosts = [] }: EndpointWish): Endpoint {
	if (baseUrl.length > CHARS_MAX || !URL.canParse(baseUrl))
		throw wrong("A base URL looks like https://api.example.com/v1.");
	const url = new URL(baseUrl);
	const host = hostOf(url);
	if (url.username !== "" || url.password !== "")
		throw wrong("A base URL holds no name or password: give the key apart.");
	if (baseUrl.includes("?") || baseUrl.includes("#")) throw wrong("A base URL has no query and no fragment.");
	if (/[%\\]|\/\//.test(baseUrl.replace(/^https?:\/\//i, "")))
		throw wrong("The path of a base URL is plain: no %, \\ or //.");
	const kind = kindOf(host);
	if (kind === "forbidden") throw wrong("This address is never a model's.");
	const isNamed = httpHosts.some((each) => each === host || each === url.host);
	const isPlainAllowed = kind === "loopback" || isNamed;
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isPlainAllowed)) {
		throw wrong(
			"A base URL begins with https://. For http:// to another machine, name it in BULLPEN_MODEL_HTTP_HOSTS.",
		);
	}
	return {
		baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
		isPrivateAllowed: isPrivateAllowed || isNamed || kind === "loopback" || kind === "private",
	};
}

/** What a host is by its writing alone; a name may still lead anywhere. */
function kindOf(host: string): ReturnType<typeof addressKind> | "name" {
	if (host === "localhost") return "loopback";
	return isIP(host) === 0 ? "name" : addressKind(host);
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

const wrong = (sentence: string): Problem => new Problem("bad_input", sentence);
