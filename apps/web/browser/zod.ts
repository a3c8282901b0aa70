import * as mini from "zod/mini";

/**
 * Stands in for `zod` in pages: the checks are zod's own, with those of its methods that Bullpen and RivetKit's client
 * (2.3.19) call. Zod itself brings each of its formats and all of JSON Schema, since every schema could be asked for them.
 * What else the domain begins to call has to be added here: the test beside this finds it.
 */
type Schema = mini.ZodMiniType;
type Shape = mini.ZodMiniObject;
type Sized = mini.ZodMiniString | mini.ZodMiniArray;
type Mask = Parameters<typeof mini.pick<Shape, Record<string, true>>>[1];

/** Zod calls what is added to a prototype with the schema as `this`. */
Object.assign(mini.ZodMiniType.prototype, {
	optional(this: Schema) {
		return mini.optional(this);
	},
	nullable(this: Schema) {
		return mini.nullable(this);
	},
	nullish(this: Schema) {
		return mini.nullish(this);
	},
	array(this: Schema) {
		return mini.array(this);
	},
	default(this: Schema, value: unknown) {
		return mini._default(this, value);
	},
	catch(this: Schema, value: unknown) {
		return mini.catch(this, value);
	},
	transform(this: Schema, change: (value: unknown) => unknown) {
		return mini.pipe(this, mini.transform(change));
	},
	refine(this: Schema, ...how: Parameters<typeof mini.refine>) {
		return this.check(mini.refine(...how));
	},
});

const sizes = {
	min(this: Sized, ...how: Parameters<typeof mini.minLength>) {
		return this.check(mini.minLength(...how));
	},
	max(this: Sized, ...how: Parameters<typeof mini.maxLength>) {
		return this.check(mini.maxLength(...how));
	},
};
Object.assign(mini.ZodMiniArray.prototype, sizes);
Object.assign(mini.ZodMiniString.prototype, sizes, {
	regex(this: mini.ZodMiniString, ...how: Parameters<typeof mini.regex>) {
		return this.check(mini.regex(...how));
	},
	trim(this: mini.ZodMiniString) {
		return this.check(mini.trim());
	},
});

Object.assign(mini.ZodMiniNumber.prototype, {
	min(this: mini.ZodMiniNumber, ...how: Parameters<typeof mini.gte>) {
		return this.check(mini.gte(...how));
	},
	max(this: mini.ZodMiniNumber, ...how: Parameters<typeof mini.lte>) {
		return this.check(mini.lte(...how));
	},
	int(this: mini.ZodMiniNumber) {
		return this.check(mini.int());
	},
	positive(this: mini.ZodMiniNumber) {
		return this.check(mini.positive());
	},
});

Object.assign(mini.ZodMiniEnum.prototype, {
	exclude(this: mini.ZodMiniEnum, values: readonly unknown[]) {
		return mini.enum(
			Object.fromEntries(Object.entries(this.def.entries).filter(([, value]) => !values.includes(value))),
		);
	},
});

Object.assign(mini.ZodMiniObject.prototype, {
	extend(this: Shape, more: Record<string, Schema>) {
		return mini.extend(this, more);
	},
	pick(this: Shape, mask: Mask) {
		return mini.pick(this, mask);
	},
	omit(this: Shape, mask: Mask) {
		return mini.omit(this, mask);
	},
	partial(this: Shape) {
		return mini.partial(this);
	},
});

/** Named one by one: of a namespace that is passed on as a whole, a bundler keeps everything. */
const z = {
	any: mini.any,
	array: mini.array,
	base64: mini.base64,
	bigint: mini.bigint,
	boolean: mini.boolean,
	custom: mini.custom,
	discriminatedUnion: mini.discriminatedUnion,
	enum: mini.enum,
	int: mini.int,
	literal: mini.literal,
	looseObject: mini.looseObject,
	null: mini.null,
	number: mini.number,
	object: mini.object,
	partialRecord: mini.partialRecord,
	record: mini.record,
	strictObject: mini.strictObject,
	string: mini.string,
	tuple: mini.tuple,
	union: mini.union,
	unknown: mini.unknown,
	url: mini.url,
};

export { z as default, z };
