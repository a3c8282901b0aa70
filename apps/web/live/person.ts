/** Somebody as a room shows them. */
export interface Person {
	id: string;
	name: string;
	isOnline: boolean;
}
/** Anybody's name and presence; somebody unknown is shown by a neutral word. */
export type PersonOf = (id: string) => Person;
