const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
	console.error(
		`Bullpen needs Node 22.13 or newer; this is ${process.version} on ${process.platform}-${process.arch}.\n` +
			"pnpm normally supplies it from npm. Install Node 22 or 24, or run pnpm install without --no-optional.",
	);
	process.exit(1);
}
