import { route } from "../../../lib/api.ts";
import { getCredentials, postCredential } from "../../../lib/credential-endpoints.ts";

export const GET = route(getCredentials);
export const POST = route(postCredential);
