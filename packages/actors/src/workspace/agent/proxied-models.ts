import { Provider } from "@bullpen/credentials/provider";
import { type ModelProxyOptions, openModelProxy } from "../model-proxy/model-proxy.ts";
import { newProxyToken } from "../model-proxy/token.ts";
import type { ModelAccess } from "./model-door.ts";

type ProxyWish = Omit<ModelProxyOptions, "token" | "socketPath" | "socketUid" | "server">;

/** Models by the model proxy: one for each sandbox, with a token that ends with it. `resolve` says who pays. */
export function proxiedModels(wish: ProxyWish): ModelAccess {
	return {
		providers: async () => Provider.options.filter((provider) => wish.resolve(provider) !== undefined),
		async open(provider, place) {
			const token = newProxyToken();
			const proxy = await openModelProxy({ ...wish, ...place, token });
			return { provider, token, close: () => proxy.close() };
		},
	};
}
