import { Problem } from "@bullpen/domain/problem";
import { z } from "zod";

const Made = z.object({ url: z.string() });

/**
 * A link that makes an account on this server and then leads into a room. Both secrets stand behind the `#`, which no server
 * sees; the room's is used once the account is there.
 * @throws Problem `forbidden` `busy`
 */
export async function serverLink(roomId: string, secret: string): Promise<string> {
	const response = await fetch("/api/invitations", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ role: "member" }),
	});
	if (!response.ok) throw new Problem(response.status === 403 ? "forbidden" : "busy", "No invitation was made.");
	return `${Made.parse(await response.json()).url}.${roomId}.${secret}`;
}
