"use client";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";

export function Theme({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
	return (
		<ThemeProvider
			attribute="class"
			defaultTheme="system"
			enableSystem
			disableTransitionOnChange
			{...(nonce !== undefined && { nonce })}
		>
			{children}
		</ThemeProvider>
	);
}
