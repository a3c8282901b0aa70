/** What style elements made by a script have to carry, as the page's policy wants it. */
export const pageNonce = (): string => document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

/** This page for a library that writes style elements of its own, which get the nonce. */
export function noncedDocument(): Document {
	const nonce = pageNonce();
	return new Proxy(document, {
		get(target, name) {
			if (name === "createElement") {
				return (tag: string, options?: ElementCreationOptions) => {
					const element = target.createElement(tag, options);
					if (element instanceof HTMLStyleElement) element.nonce = nonce;
					return element;
				};
			}
			// The page's own getters and methods work on the page alone.
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
}
