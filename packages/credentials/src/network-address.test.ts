import { expect, test } from "vitest";
import { addressKind } from "./network-address.ts";

test.each([
	["public", "8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1", "11.0.0.1"],
	["loopback", "127.0.0.1", "127.255.255.254", "::1", "[::1]", "::ffff:127.0.0.1", "::ffff:7f00:1", "2002:7f00:1::"],
	["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1"],
	["private", "64:ff9b::a00:1", "2002:c0a8:101::1", "198.18.0.1", "::10.0.0.1"],
	["forbidden", "0.0.0.0", "169.254.169.254", "::ffff:a9fe:a9fe", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200"],
	["forbidden", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "2001:db8::1", "64:ff9b::a9fe:a9fe", "fec0::1"],
])("%s: %s %s %s %s %s %s %s", (kind, ...addresses) => {
	expect(addresses.filter((address) => address && addressKind(address) !== kind)).toEqual([]);
});

test.each(["", "localhost", "10.0.0", "0x7f.1", "1.2.3.4.5", ":::"])("%j is no address", (text) => {
	expect(() => addressKind(text)).toThrow();
});
