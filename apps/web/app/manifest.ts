import type { MetadataRoute } from "next";

/** What a browser needs to install Bullpen as an app. On iPhones and iPads only installed ones are told anything. */
export default function manifest(): MetadataRoute.Manifest {
	return {
		id: "/",
		name: "Bullpen",
		short_name: "Bullpen",
		description: "One place where a team talks and its coding agents work in the open.",
		start_url: "/",
		scope: "/",
		display: "standalone",
		background_color: "#eff3ef",
		theme_color: "#eff3ef",
		categories: ["productivity", "business"],
		icons: [
			{ src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
			{ src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
			{ src: "/icons/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
			{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
		],
	};
}
