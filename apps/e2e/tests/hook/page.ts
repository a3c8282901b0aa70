// A page with nothing on it but `@rivetkit/react`, as its documentation uses it: what it says of one room.
import { createRivetKit } from "@rivetkit/react";
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";

interface Connection {
	action(call: { name: string; args: unknown[] }): Promise<unknown>;
}
type Listen = (event: string, listener: (payload: { text: string }) => void) => void;

const given = new URLSearchParams(location.hash.slice(1));
const endpoint = `${location.origin}/rivet`;
const { useActor } = createRivetKit({
	endpoint,
	encoding: "json",
	disableMetadataLookup: true,
	devtools: false,
});

function Page() {
	const [isOpen, setIsOpen] = useState(true);
	const toggle = createElement("button", { type: "button", onClick: () => setIsOpen(!isOpen) }, "Toggle");
	return createElement("main", null, toggle, isOpen && createElement(Room));
}

function Room() {
	const [said, setSaid] = useState<readonly string[]>([]);
	const note = (text: string) => setSaid((before) => [...before, text]);
	const room = useActor({
		name: "chatRoom",
		key: [given.get("room") ?? ""],
		params: { ticket: given.get("ticket") },
		noCreate: true,
	});
	const listen = room.useEvent as unknown as Listen; // without a registry's types it listens to nothing
	listen("newMessage", ({ text }) => note(`heard ${text}`));
	const connection = room.connection as Connection | null;
	const call = (name: string, input: object) => () =>
		connection?.action({ name, args: [input] }).then(
			() => note(`${name} is done`),
			(error: { group: string; code: string; metadata: { field: string } }) =>
				note(`${error.group}/${error.code} ${error.metadata.field}`),
		);
	return createElement(
		"section",
		null,
		createElement("p", { role: "status" }, room.connStatus),
		createElement("p", { role: "alert" }, room.error?.message ?? ""),
		createElement("button", { type: "button", onClick: call("sendMessage", { text: "from the hook" }) }, "Send"),
		createElement("button", { type: "button", onClick: call("sendMessage", { text: 5 }) }, "Send nonsense"),
		createElement("ol", null, ...said.map((text, index) => createElement("li", { key: index }, text))),
	);
}

createRoot(document.body).render(createElement(Page));
