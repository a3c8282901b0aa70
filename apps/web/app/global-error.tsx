"use client";
import "./globals.css";
import { TriangleAlert } from "lucide-react";
import { Blank } from "../ui/blank.tsx";
import { Button } from "../ui/button.tsx";

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
	return (
		<html lang="en">
			<body>
				<title>Bullpen</title>
				<main className="flex min-h-dvh flex-col">
					<Blank
						icon={<TriangleAlert />}
						tone="danger"
						title="The page could not be shown"
						actions={
							<Button variant="primary" onClick={reset}>
								Try again
							</Button>
						}
					>
						Nothing that was sent is lost. Reload the page if trying again does not help.
					</Blank>
				</main>
			</body>
		</html>
	);
}
