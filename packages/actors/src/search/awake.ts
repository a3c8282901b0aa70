import type { SearchDesk } from "./search-desk.ts";

let awake: SearchDesk | undefined;

/** The index of all rooms when it is awake in this process, as `user-inbox/awake.ts` has the inboxes. */
export const awakeDesk = (): SearchDesk | undefined => awake;

export const wokeUp = (desk: SearchDesk): void => {
	awake = desk;
};

export function fellAsleep(desk: SearchDesk): void {
	if (awake === desk) awake = undefined;
}
