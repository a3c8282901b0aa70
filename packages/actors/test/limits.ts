import type { Limits } from "@bullpen/domain/limits";

/** For tests that are about something else than rates. */
export const NO_RATES: Partial<Limits> = {
	sendBurstPerConnection: 1e9,
	sendBurstPerPerson: 1e9,
	callBurstPerConnection: 1e9,
	callBurstPerPerson: 1e9,
	roomsOpenedPerHour: 1e9,
};
