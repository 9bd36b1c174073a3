// server - stands before a server that is right, and answers as a fault says.
//
// Each request is asked of the right server, over a connection of its own, and what that answered is
// handed to the fault as bytes. So a fault is a few lines: which bytes go out, and what becomes of
// the connection. Without one the answer is passed on.

import { request } from "node:http";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";

export const head = (status, headers = {}) => [`HTTP/1.1 ${status} x`,
	...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
export const json = (value) => Buffer.from(JSON.stringify(value));

// A whole answer; headers of null are left out.
export function whole(status, body, headers = {}) {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
	const all = { "content-type": "application/json", "content-length": bytes.length, ...headers };
	for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
	return Buffer.concat([Buffer.from(head(status, all)), bytes]);
}

function askRight(url, key, asked) {
	const to = new URL(asked.path, url);
	const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": asked.body.length };
	return new Promise((resolve, reject) => {
		const out = request(to, { method: asked.method, headers, agent: false }, (answer) => {
			const parts = [];
			answer.on("data", (part) => parts.push(part));
			answer.on("error", reject);
			answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
		});
		out.on("error", reject);
		out.end(asked.body);
	});
}

export class Before {
	fault = null;     // (exchange) => whatever; null: the right answer
	where = () => true; // which paths it is for
	met = 0;          // how often
	paths = [];
	#sockets = new Set();

	// right: { url, key }. tls: options of node's TLS server; then it is https.
	static async open(right, tls) {
		const before = new Before();
		before.right = right;
		before.key = right.key;
		const serve = (socket) => before.#serve(socket);
		before.server = tls ? createTlsServer(tls, serve) : createServer(serve);
		before.server.on("tlsClientError", () => {});
		await new Promise((ready) => before.server.listen(0, "127.0.0.1", ready));
		before.url = `${tls ? "https" : "http"}://127.0.0.1:${before.server.address().port}`;
		return before;
	}

	#serve(socket) {
		let got = Buffer.alloc(0), working = false;
		this.#sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => this.#sockets.delete(socket));
		const look = async () => {
			const end = got.indexOf("\r\n\r\n");
			if (got[0] === 0x16) socket.end(`${head(400, { "content-length": 0 })}`); // a TLS hello, as http servers take it
			if (working || end < 0) return;
			const text = got.toString("latin1", 0, end);
			const [, method, path] = /^(\S+) (\S+)/.exec(text) ?? [];
			const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
			if (got.length < end + 4 + length) return;
			working = true;
			const asked = { method, path, body: got.subarray(end + 4, end + 4 + length) };
			got = got.subarray(end + 4 + length);
			await this.#answer(socket, asked).catch(() => socket.destroy());
			working = false;
			look();
		};
		socket.on("data", (part) => {
			got = Buffer.concat([got, part]);
			look();
		});
	}

	async #answer(socket, asked) {
		const fault = this.where(asked.path) ? this.fault : null;
		this.paths.push(asked.path);
		if (fault?.unasked) {
			this.met++;
			return fault({ socket, path: asked.path });
		}
		const right = await askRight(this.right.url, this.right.key, asked);
		const { "transfer-encoding": _, connection: __, "content-length": ___, ...headers } = right.headers;
		const bytes = whole(right.status, right.body, headers);
		if (!fault) return void socket.write(bytes);
		this.met++;
		await fault({ socket, path: asked.path, right: { ...right, headers }, bytes });
	}

	// Whoever is still connected is hung up on, as when a fault ends.
	hangUp() {
		for (const socket of this.#sockets) socket.destroy();
	}

	heal() {
		this.fault = null;
		this.hangUp();
	}

	async stop() {
		this.hangUp();
		await new Promise((gone) => this.server.close(gone));
	}
}
