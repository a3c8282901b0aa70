"use client";
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Button } from "./button.tsx";
import { notify } from "./toast.tsx";

const WHY = "This part could not be loaded. Check your connection and try again.";

/** The programme of a part of the page could not be had: offline, or the server has a newer one. */
class Unreachable extends Error {
	override readonly name = "Unreachable";
}

interface FetchedProps {
	/** Stands there until it has come. */
	place?: ReactNode;
	/** Stands there where it cannot come; else a sentence does, with a way to try again. */
	instead?: ReactNode;
	/** Whoever asked for it takes that back, and asks again when they like: a toast has said why. What closes itself
	 * (`onClose`) is closed. */
	onFail?: (() => void) | undefined;
}

type Fetched<P> = ComponentType<P & FetchedProps> & {
	/** Fetches it before it is asked for. It is fetched again then if that fails. */
	ahead: () => void;
};

/** Where a part's programme comes from: anew after it could not be had. */
interface Source<P> {
	current: ComponentType<P>;
}

/**
 * A component whose programme is fetched when it is first drawn. The page around it goes on without it, and what could not
 * be fetched once is fetched again the next time. `waiting` stands there until it has come, where no `place` is given.
 */
export function fetched<P extends object>(
	load: () => Promise<{ default: ComponentType<P> }>,
	waiting: ReactNode = null,
): Fetched<P> {
	const begin = (): ComponentType<P> =>
		lazy(() =>
			load().catch((cause: unknown) => {
				source.current = begin();
				throw new Unreachable(WHY, { cause });
			}),
		);
	const source: Source<P> = { current: begin() };
	const part = ({ place = waiting, instead, onFail, ...rest }: P & FetchedProps) => {
		// What is left are the part's own: none of ours is among them, which the compiler cannot know of a `P`.
		const own = rest as unknown as P;
		return <Boundary source={source} own={own} place={place} instead={instead} onFail={onFail ?? closerIn(own)} />;
	};
	return Object.assign(part, { ahead: () => void load().catch(() => undefined) });
}

function closerIn(props: object): (() => void) | undefined {
	return "onClose" in props && typeof props.onClose === "function" ? (props.onClose as () => void) : undefined;
}

interface BoundaryProps<P> extends FetchedProps {
	source: Source<P>;
	own: P;
}

/** It keeps to one attempt until that is taken back: React draws again what has failed, and would begin the next one itself. */
class Boundary<P extends object> extends Component<BoundaryProps<P>, { Part: ComponentType<P>; error: unknown }> {
	override state = { Part: this.props.source.current, error: null };

	static getDerivedStateFromError(error: unknown): { error: unknown } {
		return { error };
	}

	override componentWillUnmount(): void {
		window.removeEventListener("online", this.#again);
	}

	override componentDidCatch(error: unknown): void {
		if (!(error instanceof Unreachable)) return;
		window.addEventListener("online", this.#again);
		if (this.props.onFail === undefined) return;
		notify(WHY, "error");
		this.props.onFail();
	}

	override render(): ReactNode {
		const { own, place, instead, onFail } = this.props;
		const { Part, error }: { Part: ComponentType<P>; error: unknown } = this.state;
		if (error === null) {
			return (
				<Suspense fallback={place}>
					<Part {...own} />
				</Suspense>
			);
		}
		if (!(error instanceof Unreachable)) throw error;
		if (onFail !== undefined) return place;
		return instead === undefined ? <Failed onRetry={this.#again} /> : instead;
	}

	readonly #again = (): void => {
		window.removeEventListener("online", this.#again);
		this.setState({ Part: this.props.source.current, error: null });
	};
}

function Failed({ onRetry }: { onRetry: () => void }) {
	return (
		<div role="alert" className="flex flex-col items-start gap-3 p-4 text-sm text-text-muted">
			{WHY}
			<Button onClick={onRetry}>Try again</Button>
		</div>
	);
}
