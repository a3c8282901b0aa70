import type { Provider } from "@bullpen/credentials/provider";

/** What an open way to models is worth to an agent. */
export interface ModelDoor {
	readonly provider: Provider;
	/** The workspace's own: the proxy takes nothing else, and it is of no use anywhere else. */
	readonly token: string;
	/** The model to ask for, where the owner named one. */
	readonly model?: string;
	close(): Promise<void>;
}

/** How the agent of one workspace gets to models. The keys stay on the far side of it. */
export interface ModelAccess {
	/** For which providers there is somebody who pays, the same for everybody in the workspace. */
	providers(): Promise<readonly Provider[]>;
	/** Serves that provider's API at `place` until it is closed. */
	open(provider: Provider, place: DoorPlace): Promise<ModelDoor>;
}

export interface DoorPlace {
	/** Free, in a folder that only we can enter, and short enough for a socket. */
	readonly socketPath: string;
	/** Who may connect, where that is another user than ours. */
	readonly socketUid?: number;
}
