import type { ComponentType, LazyExoticComponent, ReactNode } from "react";
import type { PersonOf } from "../../../live/person.ts";
import type { OpenWorkspace, WorkspaceVerbs } from "../workspace-data.ts";

/** What the content of a tab gets: the workspace as its screen draws it. Anything else it reaches by a hook of its own. */
export interface SideTabProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}

/**
 * A tab beside the transcript. To add one, write its component and put a line into `SIDE_TABS`; button, key, width, phone
 * sheet and memory come with it. The component fills a column of the panel's height and scrolls by itself
 * (`SideScroll` does both for plain content). It is unmounted while another tab is shown or the panel is closed: what must
 * outlive that is kept elsewhere.
 */
export interface SideTab {
	/** Remembered in the browser. */
	readonly id: string;
	readonly label: string;
	readonly icon: ReactNode;
	/** `wide` for what is read or written at length. Each of the two has a width of its own, which people drag. */
	readonly width: "narrow" | "wide";
	/** Alt+Shift and this key (`KeyboardEvent.code`) opens it, and closes it again. */
	readonly code?: `Key${string}`;
	/** Has a button of its own in the header while the panel is closed and there is room. */
	readonly isInHeader?: boolean;
	/** Drawn on its button where it is more than 0. */
	readonly countOf?: (workspace: OpenWorkspace) => number;
	readonly Content: ComponentType<SideTabProps> | LazyExoticComponent<ComponentType<SideTabProps>>;
}
