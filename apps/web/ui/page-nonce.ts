/** What style elements made by a script have to carry, as the page's policy wants it. */
export const pageNonce = (): string => document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

/** This page for a library that writes style elements of its own, which get the nonce. */
export function noncedDocument(): Document {
	const createElement = noncedElement(pageNonce());
	return new Proxy(document, {
		get(target, name) {
			if (name === "createElement") return createElement;
			// The page's own getters and methods work on the page alone.
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
}

/** For a part of such a library that takes the page itself, whatever it was given, in what it does at once. */
export function withNoncedStyles(run: () => void): void {
	Object.defineProperty(document, "createElement", { value: noncedElement(pageNonce()), configurable: true });
	try {
		run();
	} finally {
		Reflect.deleteProperty(document, "createElement");
	}
}

const noncedElement = (nonce: string) => (tag: string, options?: ElementCreationOptions) => {
	const element = Document.prototype.createElement.call(document, tag, options);
	if (element instanceof HTMLStyleElement) element.nonce = nonce;
	return element;
};
