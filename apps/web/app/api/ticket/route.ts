import { route } from "../../../lib/api.ts";
import { postTicket } from "../../../lib/ticket-endpoint.ts";

export const POST = route(postTicket);
