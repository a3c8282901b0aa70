import { describe, expect, test } from "vitest";
import { directKey, directName, directPeople, peopleOfDirect } from "./direct-room.ts";
import { UserId } from "./id.ts";
import { refusal } from "./test/refusal.ts";

const limits = { directPeopleMax: 10 };

describe("direct rooms", () => {
	test("[DIR1] whoever opens it, and however they name the others, the same people are the same room", () => {
		const key = directKey(directPeople("ada", ["cyn", "bob"], limits));
		expect(directKey(directPeople("bob", ["ada", "cyn", "ada"], limits))).toBe(key);
		expect(directKey(directPeople("cyn", ["bob", "cyn", "ada"], limits))).toBe(key);
	});

	test("[DIR1] other people are another room, however alike their ids look side by side", () => {
		const groups = [
			["a", "b"],
			["a", "b", "c"],
			["a-b", "c"],
			["a", "b-c"],
			["ab", "c"],
			["a", "bc"],
			["a_b", "c"],
			["a--b", "c"],
		];
		for (const id of groups.flat()) expect(UserId.parse(id)).toBe(id);
		expect(new Set(groups.map(directKey)).size).toBe(groups.length);
		expect(new Set(groups.map(directName)).size).toBe(groups.length);
	});

	test("[DIR2] it is with somebody else, and with nine of them at most", () => {
		expect(refusal(() => directPeople("ada", ["ada"], limits)).code).toBe("bad_input");
		const others = Array.from({ length: 10 }, (_, index) => `p${index}`);
		expect(directPeople("ada", others.slice(1), limits)).toHaveLength(10);
		expect(refusal(() => directPeople("ada", others, limits)).details).toMatchObject({ peopleMax: 10 });
	});

	test("[DIR3] its name says who is in it", () => {
		const people = directPeople("cyn", ["ada", "bob"], limits);
		expect(peopleOfDirect(directName(people))).toEqual(["ada", "bob", "cyn"]);
	});
});
