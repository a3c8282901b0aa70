/** Stands in for `vbare` in pages, which speak JSON with actors: RivetKit's client (2.3.19) makes one for each binary message. */
export const createVersionedDataHandler = () => ({});
