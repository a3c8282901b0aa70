import { Component, type ReactNode, Suspense } from "react";

interface FetchedProps {
	/** Stands there until it has come, and where it is out of reach. */
	place: ReactNode;
	children: ReactNode;
}

/** Something whose programme comes by itself, and without which the rest goes on. */
export class Fetched extends Component<FetchedProps, { hasFailed: boolean }> {
	override state = { hasFailed: false };

	static getDerivedStateFromError(): { hasFailed: boolean } {
		return { hasFailed: true };
	}

	override render(): ReactNode {
		const { place, children } = this.props;
		return this.state.hasFailed ? place : <Suspense fallback={place}>{children}</Suspense>;
	}
}
