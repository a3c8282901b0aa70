import type { Metadata } from "next";
import { SignIn } from "../../features/sign-in/sign-in.tsx";
import { signInOptions } from "../../lib/session.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function Page({ searchParams }: { searchParams: Promise<{ to?: string | string[] }> }) {
	const [{ to }, { nameSignIn }] = await Promise.all([searchParams, signInOptions()]);
	return <SignIn hasNameSignIn={nameSignIn} to={ownPath(to)} />;
}

/** Somebody's link may carry any `to`: only a path of this server is followed. */
function ownPath(to: string | string[] | undefined): string {
	const home = "http://home.invalid";
	if (typeof to !== "string" || !URL.canParse(to, home)) return "/";
	const url = new URL(to, home);
	return url.origin === home ? url.pathname + url.search : "/";
}
