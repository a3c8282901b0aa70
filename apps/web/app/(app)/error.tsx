"use client";
import { TriangleAlert } from "lucide-react";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { SidebarBar } from "../../ui/shell.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
	return (
		<>
			<SidebarBar />
			<Blank
				icon={<TriangleAlert />}
				tone="danger"
				title="Something went wrong here"
				actions={
					<>
						<Button variant="primary" onClick={reset}>
							Try again
						</Button>
						<ButtonLink href="/r/general">Go to #general</ButtonLink>
					</>
				}
			>
				Nothing that was sent is lost. If it happens again, tell whoever runs this server what you were doing.
			</Blank>
		</>
	);
}
