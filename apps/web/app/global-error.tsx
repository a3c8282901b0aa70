"use client";
import "./globals.css";

/** Every page carries this, so it brings nothing along. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
	return (
		<html lang="en">
			<body>
				<title>Bullpen</title>
				<main className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
					<h1 className="font-semibold text-lg">The page could not be shown</h1>
					<p className="mt-1.5 text-text-muted">
						Nothing that was sent is lost. Reload the page if trying again does not help.
					</p>
					<button
						type="button"
						onClick={reset}
						className="mt-6 h-9 rounded-md bg-accent px-3.5 font-medium text-text-inverse hover:bg-accent-strong"
					>
						Try again
					</button>
				</main>
			</body>
		</html>
	);
}
