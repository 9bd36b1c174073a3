// front - the HTTP server that clients talk to.
//
// Takes each request, rolls the dice for a fault, answers it from routes.mjs or lets the vendor's
// server answer it, and keeps count. The vendor's server listens on a Unix socket only.

import http from "node:http";

import { Refusal, routes } from "./routes.mjs";
import { API_KEY, WORKSPACE } from "./world.mjs";

const BODY_MAX = 1024 * 1024;

function readBody(req) {
	return new Promise((resolve, reject) => {
		const parts = [];
		let size = 0;
		req.on("data", (part) => {
			size += part.length;
			if (size <= BODY_MAX) parts.push(part);
		});
		req.on("end", () => (size > BODY_MAX ? reject(new Refusal(413, "body_too_large", "Body exceeded 1mb limit")) : resolve(Buffer.concat(parts))));
		req.on("error", reject);
	});
}

// A repeated key is a list; `key=` is an empty one or null, which the routes treat alike.
function queryOf(search) {
	const params = {};
	for (const [name, value] of search) {
		const key = name.endsWith("[]") ? name.slice(0, -2) : name;
		params[key] = key in params ? [params[key], value].flat() : value;
	}
	return params;
}

function paramsOf(req, url, body) {
	const query = queryOf(url.searchParams);
	if (body.length === 0) return query;
	if (req.method !== "GET" && !/^application\/json\b/i.test(req.headers["content-type"] ?? ""))
		throw new Refusal(400, "invalid_content_type", `${req.method} requests must have Content-Type header with "application/json"`);
	let parsed;
	try {
		parsed = JSON.parse(body.toString());
	} catch {
		throw Object.assign(new Refusal(400, "invalid_json", "Invalid JSON"), { plain: true });
	}
	if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) throw new Refusal(400, "invalid_input", "Expected an object");
	return { ...query, ...parsed };
}

const FAULT_DEFAULTS = { latency_ms: 0, jitter_ms: 0, answer_ms: 0, fail_rate: 0, fail_count: 0, fail_mode: "500", fail_path: "" };
const FAIL_MODES = ["500", "503", "429", "reset-before", "reset-after", "truncate", "garbage", "hang"];

class Faults {
	settings = { ...FAULT_DEFAULTS };

	constructor(chance) {
		this.chance = chance;
	}

	set(wanted) {
		for (const name of Object.keys(wanted)) if (!(name in FAULT_DEFAULTS)) throw new Refusal(400, "invalid_input", `no such fault: ${name}`);
		for (const mode of String(wanted.fail_mode ?? "500").split(","))
			if (!FAIL_MODES.includes(mode)) throw new Refusal(400, "invalid_input", `no such fail_mode: ${mode}`);
		this.settings = { ...this.settings, ...wanted };
	}

	concerns(path) {
		return path.startsWith(this.settings.fail_path);
	}

	// fail_count: that many requests fail for certain, then none; else fail_rate decides.
	mode(path) {
		const { fail_count, fail_rate, fail_mode } = this.settings;
		if (!this.concerns(path)) return null;
		if (fail_count > 0) this.settings.fail_count--;
		else if (!this.chance.hits(fail_rate)) return null;
		return this.chance.pick(String(fail_mode).split(","));
	}

	pause(path, ms) {
		return ms > 0 && this.concerns(path) ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined;
	}

	// Before it is carried out.
	latency(path) {
		return this.pause(path, this.settings.latency_ms + this.chance.roll() * this.settings.jitter_ms);
	}

	// After it was carried out, and before the answer.
	held(path) {
		return this.pause(path, this.chance.roll() * this.settings.answer_ms);
	}
}

export class Front {
	requests = 0;
	stats = { requests: 0, failed: 0, connections: 0, paths: {}, open: 0 };

	constructor({ world, vendorSocket, chance, save, options }) {
		Object.assign(this, { world, vendorSocket, save });
		this.faults = new Faults(chance);
		this.table = routes(options);
		this.server = http.createServer((req, res) => void this.serve(req, res));
		this.server.keepAliveTimeout = 65_000;
		this.server.on("connection", () => this.stats.connections++);
	}

	listen(port, host) {
		return new Promise((resolve, reject) => {
			this.server.once("error", reject);
			this.server.listen(port, host, () => resolve(this.server.address().port));
		});
	}

	async serve(req, res) {
		const url = new URL(req.url, "http://localhost");
		try {
			const body = await readBody(req);
			if (url.pathname.startsWith("/_ctl/")) this.json(res, 200, this.control(url, body));
			else await this.answer(req, res, url, body);
		} catch (refusal) {
			this.refuse(res, refusal);
		}
	}

	async answer(req, res, url, body) {
		const path = url.pathname;
		this.stats.requests++;
		this.stats.paths[path] = (this.stats.paths[path] ?? 0) + 1;
		res.setHeader("seam-request-id", `request${++this.requests}`);
		const mode = this.faults.mode(path);
		await this.faults.latency(path);
		if (mode) this.stats.failed++;
		switch (mode) {
		case "500":
			return this.json(res, 500, { error: { type: "internal_server_error", message: "Internal Server Error" }, ok: false });
		case "503":
			return void res.writeHead(503).end();
		case "429":
			res.setHeader("retry-after", "1");
			return this.json(res, 429, { error: { type: "rate_limited", message: "Too many requests" }, ok: false });
		case "hang":
			return;
		case "reset-before":
			return void req.socket.resetAndDestroy();
		}
		const text = await this.carryOut(req, res, url, body);
		if (text === null) return;
		await this.faults.held(path);
		if (mode === "reset-after") return void req.socket.resetAndDestroy();
		if (mode === "garbage") return void res.end("<html><body>Bad gateway</body></html>");
		if (mode === "truncate") {
			res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
			return void res.write(text.slice(0, text.length >> 1), () => req.socket.destroy());
		}
		res.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) });
		res.end(text);
	}

	// The answer as text, or null when the vendor's server has answered.
	async carryOut(req, res, url, body) {
		const route = this.table.get(url.pathname);
		if (!route) {
			await this.relay(req, res, url, body);
			return null;
		}
		if (!route.methods.includes(req.method))
			throw new Refusal(405, "method_not_allowed", `only ${route.methods.join(", ")} accepted`);
		if (req.headers.authorization !== `Bearer ${API_KEY}`) throw new Refusal(401, "unauthorized", "API Key not found");
		const result = route.run({ params: paramsOf(req, url, body), workspace_id: WORKSPACE }, this.world);
		if (route.writes) this.save();
		return result.json ?? JSON.stringify({ ...result, ok: true });
	}

	relay(req, res, url, body) {
		return new Promise((resolve) => {
			const { connection, ...headers } = req.headers;
			const up = http.request({ socketPath: this.vendorSocket, path: req.url, method: req.method, headers }, (from) => {
				res.writeHead(from.statusCode, from.headers);
				from.pipe(res).on("finish", resolve);
			});
			up.on("error", () => resolve(this.json(res, 502, { error: { type: "bad_gateway", message: "The fake is gone" }, ok: false })));
			up.end(body);
		});
	}

	// ---- what tests may do behind the API's back; needs no key and is not counted ----

	control(url, body) {
		const wanted = body.length ? JSON.parse(body.toString()) : Object.fromEntries(url.searchParams);
		const { world } = this;
		switch (url.pathname) {
		case "/_ctl/stats":
			return this.stats;
		case "/_ctl/faults":
			this.faults.set(wanted);
			return this.faults.settings;
		case "/_ctl/codes":
			return { access_codes: wanted.device_id ? world.codesOf(wanted.device_id) : world.db.getState().access_codes };
		case "/_ctl/events":
			return { events: world.events };
		case "/_ctl/devices":
			return { devices: world.devices };
		case "/_ctl/device": {
			const device = world.device(wanted.device_id);
			if (!device) throw new Refusal(404, "device_not_found", "Device not found");
			const { device_id, online, ...properties } = wanted;
			if (Object.keys(properties).length) world.editDevice(device_id, { properties });
			if (online !== undefined && online !== device.properties.online) world.setOnline(device, online);
			this.save();
			return { device: world.device(device_id) };
		}
		case "/_ctl/event": {
			const { event_type, ...fields } = wanted;
			const device = world.device(fields.device_id);
			const locking = { "lock.locked": true, "lock.unlocked": false }[event_type];
			const event = device && locking !== undefined ? world.setLocked(device, locking, { method: "keycode", ...fields })
				: world.event(event_type, fields);
			this.save();
			return { event };
		}
		default:
			throw new Refusal(404, "not_found", "no such control");
		}
	}

	json(res, status, object) {
		const text = JSON.stringify(object);
		if (!res.headersSent) res.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) });
		res.end(text);
	}

	refuse(res, error) {
		if (!(error instanceof Refusal)) {
			process.stderr.write(`${error.stack}\n`);
			error = new Refusal(500, "internal_server_error", "Internal Server Error");
		}
		if (error.plain) return void res.writeHead(error.status, { "content-type": "text/plain" }).end(error.message);
		this.json(res, error.status, { error: { type: error.type, message: error.message, ...error.more }, ok: false });
	}
}
