import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Config {
	readonly extends?: string;
	readonly compilerOptions?: Readonly<Record<string, unknown>>;
	readonly include?: readonly string[];
	readonly exclude?: readonly string[];
}

/** One run of the compiler: `config` is a path, or what to write to one. */
export interface Program {
	readonly folders: readonly string[];
	readonly config: string | Required<Pick<Config, "compilerOptions" | "extends" | "include">>;
}

/**
 * The compiler's runs that check every `tsconfig*.json` of these folders. Folders that are checked by the same rules are one
 * run: most of the time goes into files that they share. `root` is absolute.
 */
export function programs(root: string, folders: readonly string[]): Program[] {
	const alone: Program[] = [];
	const together = new Map<
		string,
		{ folders: string[]; compilerOptions: Record<string, unknown>; include: string[] }
	>();
	for (const { folder, file } of folders.flatMap((each) => configsIn(root, each))) {
		const {
			extends: base,
			compilerOptions = {},
			include = [],
			exclude,
		}: Config = JSON.parse(readFileSync(join(root, folder, file), "utf8"));
		const isPlain = exclude === undefined && base !== undefined && join(folder, base) === BASE && include.length > 0;
		// What options say of paths is meant from where they stand.
		if (!isPlain || Object.keys(compilerOptions).some((each) => !SHARED.has(each))) {
			alone.push({ folders: [folder], config: join(folder, file) });
			continue;
		}
		const key = JSON.stringify(compilerOptions);
		const group = together.get(key) ?? { folders: [], compilerOptions, include: [] };
		together.set(key, group);
		group.folders.push(folder);
		group.include.push(...include.map((each) => join(root, folder, each)));
	}
	const shared = [...together.values()].map(({ folders, compilerOptions, include }) => ({
		folders,
		config: { extends: join(root, BASE), compilerOptions, include },
	}));
	return [...shared, ...alone];
}

const BASE = "tsconfig.base.json";
const SHARED: ReadonlySet<string> = new Set(["types", "lib"]);

const configsIn = (root: string, folder: string): { folder: string; file: string }[] =>
	readdirSync(join(root, folder))
		.filter((file) => /^tsconfig(?:\..+)?\.json$/.test(file))
		.map((file) => ({ folder, file }));
