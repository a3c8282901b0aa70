import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { BotToken, RedeemedBot } from "@bullpen/domain/bot";
import { TicketRequest, type TicketResponse } from "@bullpen/domain/identity";
import type { House } from "../../packages/actors/test/harness.ts";
import type { Town } from "../../packages/actors/test/room-client.ts";

/** What the web does with a bot's token, and nothing else of it: its own tests prove that it does. */
export async function startTickets(house: House, town: Town): Promise<{ url: string; stop(): Promise<void> }> {
	const web = (): { service: string } => house.service("directory", "main", "web", "web");
	const tickets = async (authorization: string, wanted: TicketRequest): Promise<TicketResponse> => {
		const token = BotToken.parse(authorization.replace(/^Bearer /, ""));
		const tokenHash = createHash("sha256").update(token).digest("hex");
		const bot = RedeemedBot.parse(
			await town.client.directory.get(["main"], { params: web() }).redeemBot({ tokenHash }),
		);
		const { userId: id, scopes } = bot;
		return {
			user: { id, name: bot.name, role: "guest" },
			tickets: wanted.actors.map(({ actor, key }) => ({
				...{ actor, key, expiresAt: Date.now() + 100_000 },
				...house.ticket(actor, key, { id, role: "guest", scopes }),
			})),
		};
	};
	const server: Server = createServer((request, response) => {
		json(request)
			.then((body) => tickets(request.headers.authorization ?? "", TicketRequest.parse(body)))
			.then(
				(answer) => response.setHeader("content-type", "application/json").end(JSON.stringify(answer)),
				(error) => {
					const { code, message } = Object(error);
					response.writeHead(401, { "content-type": "application/json" });
					response.end(JSON.stringify({ code: code ?? "unauthenticated", message: String(message), details: {} }));
				},
			);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		stop: async () => {
			server.close();
			server.closeAllConnections();
		},
	};
}
