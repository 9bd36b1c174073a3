// net-rows - what a server, or whoever is on the way to it, does wrong, and what sync then says.
//
// what, happens: words of the table in docs/reliability.md. says: what sync's line has in it; null
// where the answer is as good as a right one. long: only in the long form.

import { brotliCompressSync, gzipSync } from "node:zlib";

import { head, whole } from "./server.mjs";

const MB = 1 << 20;
const unasked = (act) => Object.assign(act, { unasked: true });
const answer = (bytes) => unasked(({ socket }) => void socket.end(bytes));
const on = (status, body, headers) => answer(whole(status, body, headers));

// For as long as somebody reads.
function endlessly(first, more) {
	return unasked(({ socket }) => new Promise((over) => {
		const push = () => {
			while (!socket.destroyed && socket.write(more));
		};
		socket.on("drain", push);
		socket.on("close", over);
		socket.write(first);
		push();
	}));
}

function dripping(n, ms) {
	return async ({ socket, bytes }) => {
		for (let at = 0; at < bytes.length && !socket.destroyed; at += n) {
			socket.write(bytes.subarray(at, at + n));
			await new Promise((over) => setTimeout(over, ms));
		}
	};
}

const packed = (how, encoding) => {
	const body = how(Buffer.alloc(80 * MB, " "));
	return on(200, body, { "content-encoding": encoding });
};
const lazily = (make) => {
	let made;
	return unasked((x) => (made ??= make())(x));
};
const deep = (open, close) => Buffer.from(`{"devices":${open.repeat(100_000)}${close.repeat(100_000)}}`);
const large = /larger than|too large|exceed/;
const noObject = /no JSON object/;
const broke = /broke before|no JSON object|no answer/;

export const NET = [
	{ what: "silent, the connection open", fault: unasked(() => new Promise(() => {})), patience: 3, says: /no answer from 127\.0\.0\.1 within 3 s/ },
	{ what: "hangs up without an answer", fault: unasked(({ socket }) => void socket.end()), says: broke },
	{ what: "resets the connection", fault: unasked(({ socket }) => void socket.resetAndDestroy()), says: broke },
	{ what: "resets in the middle of its head", fault: unasked(({ socket }) => socket.write("HTTP/1.1 200 O", () => socket.resetAndDestroy())), says: broke },
	{ what: "256 bytes each 5 ms", fault: dripping(256, 5), says: null },
	{ what: "a byte each 300 ms, for ever", fault: dripping(1, 300), patience: 3, says: /no answer|within/, long: true },
	{ what: "noise instead of HTTP", fault: answer(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 167 + 13) & 255))), says: /./ },
	{ what: "TLS bytes instead of HTTP", fault: answer(Buffer.from([21, 3, 1, 0, 2, 2, 70])), says: /./ },
	{ what: "a web page (200, text/html)", fault: on(200, "<!doctype html><h1>Welcome</h1>", { "content-type": "text/html" }), says: noObject },
	{ what: "nothing (200, no body)", fault: on(200, ""), says: noObject },
	{ what: "204", fault: answer(head(204)), says: noObject },
	{ what: "an array", fault: on(200, "[]"), says: noObject },
	{ what: "null", fault: on(200, "null"), says: noObject },
	{ what: "an object without the list", fault: on(200, '{"ok":true}'), says: /has no list/ },
	{ what: "a list that is no array", fault: on(200, '{"devices":{},"access_codes":7,"events":"x"}'), says: /has no list/ },
	{ what: "half of a JSON text, whole by its length", fault: ({ socket, right }) => void socket.write(whole(200, right.body.subarray(0, right.body.length / 2), right.headers)), says: noObject },
	{ what: "100,000 arrays in each other", fault: lazily(() => on(200, deep("[", "]"))), says: noObject },
	{ what: "100,000 objects in each other", fault: lazily(() => on(200, deep('{"a":', "}"))), says: noObject },
	{ what: "Content-Length longer than the body", fault: ({ socket, right }) => void socket.end(whole(200, right.body, { ...right.headers, "content-length": right.body.length + 9 })), says: broke },
	{ what: "Content-Length shorter than the body", fault: ({ socket, right }) => void socket.end(whole(200, right.body, { ...right.headers, "content-length": 9 })), says: noObject },
	{ what: "Content-Length that is no number", fault: ({ socket, right }) => void socket.end(whole(200, right.body, { ...right.headers, "content-length": "-1" })), says: /./ },
	{ what: "right bytes called text/plain", fault: ({ socket, right }) => void socket.end(whole(200, right.body, { ...right.headers, "content-type": "text/plain" })), says: null },
	{ what: "a chunk of no size", fault: answer(`${head(200, { "transfer-encoding": "chunked" })}zz\r\n{}\r\n0\r\n\r\n`), says: /./ },
	{ what: "chunks without end", fault: endlessly(head(200, { "transfer-encoding": "chunked" }), Buffer.from(`10000\r\n${" ".repeat(65536)}\r\n`)), says: large },
	{ what: "a body without end", fault: endlessly(head(200, {}), Buffer.alloc(65536, "[")), says: large },
	{ what: "a header without end", fault: endlessly("HTTP/1.1 200 x\r\nX: ", Buffer.alloc(65536, "x")), says: /./ },
	{ what: "headers without end", fault: endlessly("HTTP/1.1 200 x\r\n", Buffer.from("X: y\r\n".repeat(10_000))), says: /./ },
	{ what: "100 Continue without end", fault: endlessly("HTTP/1.1 100 Continue\r\n\r\n", Buffer.from("HTTP/1.1 100 Continue\r\n\r\n".repeat(2_000))), patience: 3, says: /./ },
	{ what: "103 Early Hints without end, slowly", fault: unasked(async ({ socket }) => {
		while (!socket.destroyed) {
			socket.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
			await new Promise((over) => setTimeout(over, 100));
		}
	}), patience: 3, says: /./, long: true },
	{ what: "80 MB in 80 kB of gzip", fault: lazily(() => packed((b) => gzipSync(b), "gzip")), says: large },
	{ what: "80 MB in brotli", fault: lazily(() => packed((b) => brotliCompressSync(b, { params: { 1: 5 } }), "br")), says: large, long: true },
	{ what: "gzip that is none", fault: on(200, "{}", { "content-encoding": "gzip" }), says: /./ },
	{ what: "an encoding nobody knows", fault: on(200, "{}", { "content-encoding": "secret" }), says: /./ },
	{ what: "30 MB of empty arrays in 30 kB of gzip", fault: lazily(() => on(200, gzipSync(Buffer.from(`{"devices":[${"[],".repeat(10 * MB)}[]]}`)), { "content-encoding": "gzip" })), says: /holds more than any page/ },
	{ what: "redirects in a circle", fault: unasked(({ socket, path }) => void socket.end(head(307, { location: path, "content-length": 0 }))), says: /sends us on/ },
	{ what: "redirects to another host", fault: on(308, "", { location: "http://192.0.2.1/" }), says: /sends us on to 192\.0\.2\.1/ },
	{ what: "401", fault: on(401, '{"error":{"type":"unauthorized","message":"no"}}'), says: /API key/ },
	{ what: "403", fault: on(403, "{}"), refuses: true, says: /does not allow/ },
	{ what: "404 for everything", fault: on(404, "404 page not found", { "content-type": "text/plain" }), refuses: true, says: /404/ },
	{ what: "429, Retry-After of a second", fault: on(429, "{}", { "retry-after": 1 }), says: /fewer requests/ },
	{ what: "429, Retry-After of a year", fault: on(429, "{}", { "retry-after": 31536000 }), says: /fewer requests.*asked again sooner/, long: true },
	{ what: "500 with a stack trace", fault: on(500, "Error: boom\n    at /srv/app.js:1:2", { "content-type": "text/plain" }), says: /has failed inside \(500\)/ },
	{ what: "503", fault: on(503, ""), says: /out of service/ },
	{ what: "status 099", fault: answer("HTTP/1.1 099 x\r\ncontent-length: 2\r\n\r\n{}"), says: /./ },
	{ what: "status 999", fault: on(999, "{}"), says: /no sense/ },
	{ what: "an error whose words are escape sequences", fault: on(500, JSON.stringify({ error: { type: "x", message: "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnorw\u2066\u2028x" } })), says: /owned/ },
	{ what: "a page whose next page is itself", fault: ({ socket, right }) => {
		const body = JSON.parse(right.body);
		if (body.pagination) Object.assign(body.pagination, { has_next_page: true, next_page_cursor: "again" });
		socket.write(whole(200, JSON.stringify(body), right.headers));
	}, says: null },
	{ what: "pages without end", first: true, fault: (() => {
		const firsts = new Map(); // what came first at a path comes again and again
		let n = 0;
		return ({ socket, path, right }) => {
			if (!firsts.has(path)) firsts.set(path, right.body);
			const body = JSON.parse(firsts.get(path));
			if (body.pagination) Object.assign(body.pagination, { has_next_page: true, next_page_cursor: `page ${++n}` });
			socket.write(whole(200, JSON.stringify(body), right.headers));
		};
	})(), says: /page after page/ },
	...["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "\u00ff"].map((date) => ({
		what: `Date: ${JSON.stringify(date)}`, says: null,
		fault: ({ socket, right }) => void socket.write(whole(200, right.body, { ...right.headers, date })) })),
];
