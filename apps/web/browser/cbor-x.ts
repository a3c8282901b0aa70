/** Stands in for `cbor-x` in pages, which speak JSON with actors: RivetKit's client (2.3.19) brings it for other encodings. */
function refuse(): never {
	throw new Error("Pages speak JSON with actors.");
}

export { refuse as decode, refuse as encode };
