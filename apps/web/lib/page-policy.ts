/** What a page may load and talk to. */
export interface PagePolicy {
	readonly nonce: string;
	readonly publicUrl: URL;
	/** React's development build evaluates strings to show server stacks, and Next's inserts styles of its own. */
	readonly isDevelopment: boolean;
}

/**
 * The Content-Security-Policy of every page. Style elements need the nonce; style attributes are let through, because
 * Radix (placing popovers), virtua (row positions) and Shiki (token colours) write them into server-made HTML.
 */
export function pagePolicy({ nonce, publicUrl, isDevelopment }: PagePolicy): string {
	const { origin } = publicUrl;
	const styles = isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`;
	return [
		"default-src 'self'",
		`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
		`style-src 'self' ${styles}`,
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		`connect-src 'self' ${origin.replace(/^http/, "ws")}`,
		"worker-src 'self'",
		"object-src 'none'",
		"frame-src 'none'",
		"frame-ancestors 'none'",
		"base-uri 'self'",
		"form-action 'self'",
	].join("; ");
}
