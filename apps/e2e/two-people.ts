import type { Person } from "./person.ts";
import { type Newcomer, suffix } from "./test.ts";
import { WorkspacePage } from "./workspace-page.ts";

interface TwoPeople {
	readonly ada: Person;
	readonly bob: Person;
	readonly hers: WorkspacePage;
	readonly his: WorkspacePage;
}

/** Two people in a workspace with the demo agent: Ada made it, Bob found it. */
export async function twoIn(about: string, person: Newcomer): Promise<TwoPeople> {
	const name = `${about} ${suffix()}`;
	const [ada, bob] = [await person("Ada"), await person("Bob")];
	const [hers, his] = [new WorkspacePage(ada.page), new WorkspacePage(bob.page)];
	await hers.create(name);
	await his.enter(name);
	return { ada, bob, hers, his };
}
