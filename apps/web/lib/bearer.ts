/** What a program shows instead of a cookie (RFC 6750, section 2.1). */
export const bearerIn = (headers: Headers): string | undefined =>
	/^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(headers.get("authorization") ?? "")?.[1];
