import { parseSync } from "vite";

/** One module asked for by a source file. `names` is empty for `import "x"`, `*` stands for a whole namespace. */
export interface Import {
	readonly from: string;
	readonly line: number;
	readonly typeOnly: boolean;
	readonly names: readonly string[];
}
/** A name read in value position that the file itself does not supply: `console`, or `Math.random` for one member. */
interface Global {
	readonly name: string;
	readonly line: number;
}
export interface Source {
	readonly imports: readonly Import[];
	readonly globals: readonly Global[];
}

interface Node {
	readonly type: string;
	readonly start: number;
	readonly [field: string]: unknown;
}

const known = new Map<string, { readonly text: string; readonly source: Source }>();

/** Reads a file once, however many ask for it. @throws Error when the file does not parse. */
export function readSource(file: string, text: string): Source {
	const last = known.get(file);
	if (last?.text === text) return last.source;
	const source = parse(file, text);
	known.set(file, { text, source });
	return source;
}

function parse(file: string, text: string): Source {
	const parsed = parseSync(file, text, { sourceType: "module" });
	const [error] = parsed.errors;
	if (error) throw new Error(`${file}: ${error.message}`);
	const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
	const imports: Import[] = [];
	const read: { readonly name: string; readonly at: number }[] = [];
	const bound = new Set<string>();

	const visit = (node: Node): void => {
		const found = importOf(node);
		if (found) imports.push({ ...found, line: lineAt(node.start) });
		for (const name of boundBy(node)) bound.add(name);
		const name = globalOf(node);
		if (name) read.push({ name, at: node.start });
		for (const child of valueChildren(node, name !== undefined)) visit(child);
	};
	visit(parsed.program as unknown as Node);
	const globals = read.filter(({ name }) => !bound.has(name.split(".")[0] ?? ""));
	return { imports, globals: globals.map(({ name, at }) => ({ name, line: lineAt(at) })) };
}

function importOf(node: Node): Omit<Import, "line"> | undefined {
	switch (node.type) {
		case "ImportDeclaration":
		case "ExportNamedDeclaration": {
			const from = literal(node.source);
			if (from === undefined) return undefined;
			const specifiers = nodes(node.specifiers);
			const kind = node.importKind ?? node.exportKind;
			const areTypes =
				specifiers.length > 0 && specifiers.every((each) => (each.importKind ?? each.exportKind) === "type");
			return { from, typeOnly: kind === "type" || areTypes, names: specifiers.map(importedName) };
		}
		case "ExportAllDeclaration":
			return { from: literal(node.source) ?? "", typeOnly: node.exportKind === "type", names: ["*"] };
		case "ImportExpression":
			return { from: literal(node.source) ?? "(computed)", typeOnly: false, names: ["*"] };
		case "TSImportType":
			return {
				from: literal(node.source) ?? literal(field(node.argument, "literal")) ?? "(computed)",
				typeOnly: true,
				names: typeNames(node),
			};
		default:
			return undefined;
	}
}

const importedName = (specifier: Node): string => {
	const name = specifier.imported ?? specifier.local;
	if (specifier.type === "ImportNamespaceSpecifier") return "*";
	if (specifier.type === "ImportDefaultSpecifier") return "default";
	return identifier(name) ?? literal(name) ?? "*";
};
const typeNames = (node: Node): string[] => [identifier(node.qualifier) ?? "*"];

/** Names that a declaration brings into the file, whatever their scope: shadowing a global name is rare and reads badly anyway. */
function boundBy(node: Node): string[] {
	switch (node.type) {
		case "ImportDeclaration":
			return nodes(node.specifiers).map((each) => identifier(each.local) ?? "");
		case "VariableDeclarator":
			return patternNames(node.id);
		case "FunctionDeclaration":
		case "FunctionExpression":
		case "ArrowFunctionExpression":
			return [...patternNames(node.id), ...nodes(node.params).flatMap(patternNames)];
		case "ClassDeclaration":
			return patternNames(node.id);
		case "CatchClause":
			return patternNames(node.param);
		default:
			return [];
	}
}

function patternNames(pattern: unknown): string[] {
	if (!isNode(pattern)) return [];
	switch (pattern.type) {
		case "Identifier":
			return [identifier(pattern) ?? ""];
		case "ObjectPattern":
			return nodes(pattern.properties).flatMap((each) => patternNames(each.value ?? each.argument));
		case "ArrayPattern":
			return nodes(pattern.elements).flatMap(patternNames);
		case "AssignmentPattern":
			return patternNames(pattern.left);
		case "RestElement":
			return patternNames(pattern.argument);
		default:
			return [];
	}
}

/** `new Date(x)` is arithmetic and therefore no global; `new Date()`, `Date.now` and the bare name read the clock. */
function globalOf(node: Node): string | undefined {
	if (node.type === "Identifier") return identifier(node);
	if (node.type === "MetaProperty") return "import.meta";
	if (node.type !== "MemberExpression" || !isNode(node.object) || node.object.type !== "Identifier") return undefined;
	const member = node.computed ? literal(node.property) : identifier(node.property);
	return member === undefined ? undefined : `${identifier(node.object)}.${member}`;
}

const TYPE_CARRIERS = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression", "TSTypeAssertion"]);
const TYPE_FIELDS = [
	"typeAnnotation",
	"returnType",
	"typeParameters",
	"typeArguments",
	"superTypeArguments",
	"implements",
];

/** Children in value position: no names of properties, labels and specifiers, and of types only the `import()`s. */
function* valueChildren(node: Node, isLeaf: boolean): Generator<Node> {
	const skipped = new Set(namesOnly(node));
	for (const [name, value] of Object.entries(node)) {
		if (skipped.has(name) || (isLeaf && name !== "typeAnnotation")) continue;
		const isType = TYPE_FIELDS.includes(name) || (node.type.startsWith("TS") && !TYPE_CARRIERS.has(node.type));
		for (const child of nodes(value)) {
			if (isType) yield* importTypes(child);
			else yield child;
		}
	}
}

function* importTypes(node: Node): Generator<Node> {
	if (node.type === "TSImportType") yield node;
	for (const value of Object.values(node)) for (const child of nodes(value)) yield* importTypes(child);
}

function namesOnly(node: Node): string[] {
	switch (node.type) {
		case "MemberExpression":
			return node.computed ? [] : ["property"];
		case "Property":
		case "PropertyDefinition":
		case "MethodDefinition":
			return node.computed ? [] : ["key"];
		case "NewExpression":
			return identifier(node.callee) === "Date" && nodes(node.arguments).length > 0 ? ["callee"] : [];
		case "ImportDeclaration":
			return ["specifiers", "source"];
		case "ExportNamedDeclaration":
			return ["specifiers", "source"];
		case "ExportAllDeclaration":
			return ["exported", "source"];
		case "LabeledStatement":
		case "BreakStatement":
		case "ContinueStatement":
			return ["label"];
		default:
			return [];
	}
}

const isNode = (value: unknown): value is Node =>
	typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);
const field = (value: unknown, name: string): unknown => (isNode(value) ? value[name] : undefined);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const literal = (value: unknown): string | undefined =>
	field(value, "type") === "Literal" ? text(field(value, "value")) : undefined;
const identifier = (value: unknown): string | undefined =>
	field(value, "type") === "Identifier" ? text(field(value, "name")) : undefined;
