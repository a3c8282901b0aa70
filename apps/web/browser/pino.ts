/** Stands in for `pino` in pages: what RivetKit's client (2.3.19) would log, `Phase` and `Problem` say on the screen. */
const silent = () => undefined;
const logger = {
	child: () => logger,
	trace: silent,
	debug: silent,
	info: silent,
	warn: silent,
	error: silent,
	fatal: silent,
};

export const pino = () => logger;
export const stdTimeFunctions = { epochTime: () => "" };
