import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	closeSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32, deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { moveUp, putEntries } from "./put-entries.ts";
import { Refused } from "./refused.ts";
import { tarEntries } from "./tar.ts";
import { zipEntries } from "./zip.ts";

let folder: string;
let root: string;
const bounds = { bytesMax: 1_000_000, entriesMax: 100 };

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-unpack-"));
	root = join(folder, "root");
	mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One entry of a tar archive: its header as POSIX has it, and its content in blocks. */
function tarEntry(
	name: string,
	content = "",
	{ type = "0", mode = "0000644", size = content.length, link = "" } = {},
): Buffer {
	const header = Buffer.alloc(512);
	header.write(name, 0, 100);
	header.write(`${mode}\0`, 100);
	header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
	header.write("        ", 148);
	header.write(type, 156);
	header.write(link, 157, 100);
	header.write("ustar\u000000", 257);
	header.write(
		`${header
			.reduce((sum, byte) => sum + byte, 0)
			.toString(8)
			.padStart(6, "0")}\0 `,
		148,
	);
	const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
	body.write(content);
	return Buffer.concat([header, body]);
}
const END = Buffer.alloc(1_024);

interface Zipped {
	name: string;
	content?: string;
	mode?: number;
	flags?: number;
	method?: number;
	/** What the directory says instead of the truth. */
	bytes?: number;
	crc?: number;
}

function zip(...files: Zipped[]): Buffer {
	const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
	let at = 0;
	for (const { name, content = "", mode = 0o100644, flags = 0x800, method = 8, ...lies } of files) {
		const [raw, words] = [Buffer.from(content), Buffer.from(name)];
		const packed = method === 8 ? deflateRawSync(raw) : raw;
		const sizes = Buffer.alloc(16);
		sizes.writeUInt32LE(lies.crc ?? crc32(raw), 0);
		sizes.writeUInt32LE(packed.length, 4);
		sizes.writeUInt32LE(lies.bytes ?? raw.length, 8);
		sizes.writeUInt16LE(words.length, 12);
		const [local, central] = [Buffer.alloc(14), Buffer.alloc(16)];
		local.writeUInt32LE(0x04034b50, 0);
		local.writeUInt16LE(method, 8);
		central.writeUInt32LE(0x02014b50, 0);
		central.writeUInt8(3, 5);
		central.writeUInt16LE(flags, 8);
		central.writeUInt16LE(method, 10);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE((mode << 16) >>> 0, 6);
		tail.writeUInt32LE(at, 10);
		const body = Buffer.concat([local, sizes, words, packed]);
		bodies.push(body);
		directory.push(Buffer.concat([central, sizes, tail, words]));
		at += body.length;
	}
	const list = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(files.length, 8);
	end.writeUInt16LE(files.length, 10);
	end.writeUInt32LE(list.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...bodies, list, end]);
}

const untar = (...entries: Buffer[]): Promise<void> =>
	putEntries(root, tarEntries(Readable.from([Buffer.concat([...entries, END])])), bounds);
async function unzip(archive: Buffer): Promise<void> {
	writeFileSync(join(folder, "a.zip"), archive);
	const file = openSync(join(folder, "a.zip"), "r");
	try {
		await putEntries(root, zipEntries(file, bounds.entriesMax), bounds);
	} finally {
		closeSync(file);
	}
}
const refusal = (work: Promise<void>): Promise<string> =>
	work.then(
		() => "nothing",
		(error: unknown) => (error instanceof Refused ? error.problem : String(error)),
	);
const read = (name: string): string => readFileSync(join(root, name), "utf8");

const BAD_NAMES = ["/etc/passwd", "../out.txt", "a/../../out.txt", "C:/windows", `${"x".repeat(256)}/a`, "a\u0007b"];

describe("tar", () => {
	test("[ORI3] what the system's tar packs comes out as it was, long names and rights included", async () => {
		const long = `${"deep/".repeat(30)}${"n".repeat(120)}.txt`;
		const source = join(folder, "source");
		for (const [name, content] of [
			["a.txt", "one"],
			[long, "two"],
			["größe/ü.txt", "three"],
			["empty", ""],
		] as const) {
			mkdirSync(join(source, name, ".."), { recursive: true });
			writeFileSync(join(source, name), content);
		}
		writeFileSync(join(source, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
		for (const format of ["pax", "gnu", "ustar"]) {
			const only = format === "ustar" ? ["a.txt", "run.sh", "größe"] : ["."];
			const archive = execFileSync("tar", ["--format", format, "-C", source, "-cf", "-", ...only]);
			rmSync(root, { recursive: true });
			mkdirSync(root);
			await putEntries(root, tarEntries(Readable.from([archive])), bounds);
			expect([read("a.txt"), read("größe/ü.txt")]).toEqual(["one", "three"]);
			if (format !== "ustar") expect(read(long)).toBe("two");
			expect(statSync(join(root, "run.sh")).mode & 0o111).not.toBe(0);
		}
	});

	test("[ORI3] folders that entries only stand in count, too", async () => {
		const deep = Array.from({ length: bounds.entriesMax }, (_, n) => tarEntry(`${n}/${"d/".repeat(30)}f`, ""));
		expect(await refusal(untar(...deep))).toBe("too_many_files");
		expect(await refusal(untar(tarEntry("same/a", "1"), tarEntry("same/b", "2")))).toBe("nothing");
	});

	test.each([
		["a symbolic link", tarEntry("a", "", { type: "2", link: "/etc/passwd" }), "link"],
		["a hard link", tarEntry("a", "", { type: "1", link: "b" }), "link"],
		["a device", tarEntry("a", "", { type: "3" }), "link"],
		["a pipe", tarEntry("a", "", { type: "6" }), "link"],
		["more than may come", tarEntry("a", "", { size: 2_000_000 }), "too_large"],
		["half of a file", tarEntry("a", "", { size: 5_000 }), "damaged"],
		["something else", Buffer.from("x".repeat(1_000)), "unknown_format"],
		["the same file twice", Buffer.concat([tarEntry("a", "1"), tarEntry("a", "2")]), "twice"],
		["a folder in a file", Buffer.concat([tarEntry("a", "1"), tarEntry("a/b", "2")]), "twice"],
	] as const)("[ORI4] %s is refused", async (_, entry, problem) => {
		expect(await refusal(untar(entry))).toBe(problem);
	});

	test.each(BAD_NAMES)("[ORI4] the name %j is refused, and nothing lies outside", async (name) => {
		const short = tarEntry(name.slice(0, 99), "x");
		const pax = `path=${name}\n`;
		const length = Buffer.byteLength(pax) + 4;
		const long = Buffer.concat([tarEntry("h", `${length} ${pax}`, { type: "x" }), tarEntry("short", "x")]);
		expect(await refusal(untar(name.length > 99 || Buffer.byteLength(name) !== name.length ? long : short))).toBe(
			"bad_name",
		);
		expect(existsSync(join(folder, "out.txt"))).toBe(false);
	});

	test("[ORI4] too many entries are refused", async () => {
		const many = Array.from({ length: bounds.entriesMax + 1 }, (_, index) => tarEntry(`f${index}`, "x"));
		expect(await refusal(untar(...many))).toBe("too_many_files");
	});
});

describe("zip", () => {
	test("[ORI3] files, folders, rights and names come out as they were; a Mac's own go", async () => {
		await unzip(
			zip(
				{ name: "src/", mode: 0o040755 },
				{ name: "src/größe.txt", content: "one".repeat(1_000) },
				{ name: "stored", content: "two", method: 0 },
				{ name: "run.sh", content: "#!/bin/sh\n", mode: 0o100755 },
				{ name: "back\\slash.txt", content: "three" },
				{ name: "__MACOSX/._a", content: "no" },
				{ name: "none" },
			),
		);
		expect(createHash("sha256").update(read("src/größe.txt")).digest("hex")).toHaveLength(64);
		expect([read("stored"), read("back/slash.txt"), read("none")]).toEqual(["two", "three", ""]);
		expect(statSync(join(root, "run.sh")).mode & 0o111).not.toBe(0);
		expect(existsSync(join(root, "__MACOSX"))).toBe(false);
	});

	test.each([
		["a symbolic link", [{ name: "a", content: "/etc/passwd", mode: 0o120777 }], "link"],
		["a pipe", [{ name: "a", mode: 0o010644 }], "link"],
		["an encrypted file", [{ name: "a", content: "x", flags: 1 }], "encrypted"],
		["another compression", [{ name: "a", content: "x", method: 12 }], "unknown_format"],
		["a bomb that says so", [{ name: "a", content: "0".repeat(2_000_000) }], "too_large"],
		["a bomb that does not say so", [{ name: "a", content: "0".repeat(2_000_000), bytes: 10 }], "damaged"],
		["a wrong sum", [{ name: "a", content: "x", crc: 7 }], "damaged"],
		["the same file twice", [{ name: "a" }, { name: "./a" }], "twice"],
	] as [string, Zipped[], string][])("[ORI4] %s is refused", async (_, files, problem) => {
		expect(await refusal(unzip(zip(...files)))).toBe(problem);
	});

	test.each(BAD_NAMES)("[ORI4] the name %j is refused, and nothing lies outside", async (name) => {
		expect(await refusal(unzip(zip({ name, content: "x" })))).toBe("bad_name");
		expect(existsSync(join(folder, "out.txt"))).toBe(false);
	});

	test("[ORI4] a cut one and one with too many entries are refused", async () => {
		expect(await refusal(unzip(zip({ name: "a", content: "x" }).subarray(0, -5)))).toBe("damaged");
		const many = Array.from({ length: bounds.entriesMax + 1 }, (_, index) => ({ name: `f${index}` }));
		expect(await refusal(unzip(zip(...many)))).toBe("too_many_files");
	});
});

test("an archive of one folder is that folder's content, also where it has one of the same name", async () => {
	await untar(tarEntry("repo-main/repo-main/a", "1"), tarEntry("repo-main/b", "2"));
	await moveUp(root);
	expect([read("repo-main/a"), read("b")]).toEqual(["1", "2"]);
	await moveUp(root);
	expect(read("b")).toBe("2");
});
