/** @throws Error when `work` has not ended after `ms`: RivetKit's client waits for ever for a connection it has given up. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error(`${what} took more than ${ms} ms`)), ms);
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}
