import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Theme } from "../ui/theme.tsx";
import "./globals.css";

export const metadata: Metadata = {
	title: { default: "Bullpen", template: "%s · Bullpen" },
	description: "One place where a team talks and its coding agents work in the open.",
	appleWebApp: { capable: true, title: "Bullpen" },
};

export const viewport: Viewport = {
	width: "device-width",
	initialScale: 1,
	viewportFit: "cover",
	interactiveWidget: "resizes-content",
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#eff3ef" },
		{ media: "(prefers-color-scheme: dark)", color: "#0c120f" },
	],
};

export default async function Layout({ children }: { children: ReactNode }) {
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	return (
		// next-themes sets the class before the first paint, so it differs from what the server wrote.
		<html lang="en" suppressHydrationWarning>
			<body>
				<Theme nonce={nonce}>{children}</Theme>
			</body>
		</html>
	);
}
