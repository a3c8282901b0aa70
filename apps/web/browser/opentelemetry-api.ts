/** Stands in for `@opentelemetry/api` in pages, where nothing traces: RivetKit's client (2.3.19) asks for a span to name. */
export const context = { active: () => undefined };
export const propagation = { getBaggage: () => undefined };
export const trace = { getSpanContext: () => undefined };
export const isSpanContextValid = (): boolean => false;
export const createTraceState = () => undefined;
