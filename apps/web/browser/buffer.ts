/** Stands in for Node's `Buffer` in pages: RivetKit's client (2.3.19) asks whether there is one, and does without. */
export const Buffer = undefined;
