// selftest - what the tests of keyrack rely on in this server, checked by itself.
//
// Run by `node --test`; fake-seam-selftest makes it part of `make check`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SERVER = join(dirname(fileURLToPath(import.meta.url)), "server.mjs");
const HOUR = 3600_000;
const at = (ms) => new Date(Date.now() + ms).toISOString();

class Peer {
	static async start(...options) {
		const peer = new Peer();
		peer.child = spawn(process.execPath, [SERVER, ...options], { stdio: ["ignore", "pipe", "inherit"] });
		for await (const line of createInterface({ input: peer.child.stdout })) {
			[, peer.url, peer.key] = /^listening on (http:\/\/127\.0\.0\.1:\d+) api_key=(seam_\S+)$/.exec(line);
			return peer;
		}
		throw new Error("the server ended without saying where it listens");
	}

	async stop() {
		if (this.child.exitCode !== null) return this.child.exitCode;
		const ended = new Promise((resolve) => this.child.once("exit", resolve));
		this.child.kill("SIGTERM");
		return ended;
	}

	async ask(path, params = {}, method = "POST") {
		const query = method === "GET" || method === "DELETE";
		const url = new URL(path, this.url);
		if (query) for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) url.searchParams.append(name, one);
		const answer = await fetch(url, { method, headers: { authorization: `Bearer ${this.key}`, ...(query ? {} : { "content-type": "application/json" }) },
			body: query ? undefined : JSON.stringify(params) });
		const body = await answer.json();
		return { status: answer.status, ...body };
	}

	// Waits until the value that `get` gives satisfies `is`, for ten seconds at most.
	async until(get, is) {
		for (const deadline = Date.now() + 10_000; Date.now() < deadline; await new Promise((r) => setTimeout(r, 20))) {
			const value = await get();
			if (is(value)) return value;
		}
		assert.fail("not within ten seconds");
	}

	async lockOf(device_type) {
		const { devices } = await this.ask("/devices/list", { device_type });
		return devices.find((device) => device.properties.online);
	}

	async eventTypes(access_code_id) {
		const { events } = await this.ask("/events/list", { since: "2020-01-01T00:00:00Z", access_code_id });
		return events.map((event) => event.event_type);
	}
}

function withPeer(name, options, run) {
	test(name, { timeout: 60_000 }, async () => {
		const peer = await Peer.start(...options);
		try {
			await run(peer);
		} finally {
			assert.equal(await peer.stop(), 0);
		}
	});
}

withPeer("the same seed gives the same objects", ["--now", "2030-01-01T00:00:00Z", "--seed", "7", "--codes", "20"], async (peer) => {
	const twin = await Peer.start("--now", "2030-01-01T00:00:00Z", "--seed", "7", "--codes", "20");
	const other = await Peer.start("--now", "2030-01-01T00:00:00Z", "--seed", "8", "--codes", "20");
	const ids = async (p) => (await p.ask("/_ctl/codes")).access_codes.map((code) => code.access_code_id + code.code).sort();
	assert.deepEqual(await ids(twin), await ids(peer));
	assert.notDeepEqual(await ids(other), await ids(peer));
	await Promise.all([twin.stop(), other.stop()]);
});

withPeer("the house has every brand, a failed code with an arrival, and a stray one", ["--house", "--people", "600"], async (peer) => {
	const { devices } = await peer.ask("/devices/list");
	assert.equal(new Set(devices.map((device) => device.device_type)).size, 14);
	assert.ok(devices.length >= 24);
	const offline = devices.find((device) => !device.properties.online);
	const { access_codes } = await peer.ask("/access_codes/list", { device_id: offline.device_id });
	assert.deepEqual(access_codes[0].errors.map((e) => e.error_code), ["failed_to_set_on_device", "device_disconnected"]);
	assert.ok(Date.parse(access_codes[0].starts_at) - Date.now() < 3 * HOUR);
	const stray = (await peer.ask("/_ctl/codes")).access_codes.filter((code) => !code.is_managed);
	assert.equal(stray.length, 1);
	const since = at(0);
	await peer.until(() => peer.ask("/events/list", { since }), ({ events }) => events.some((event) => event.event_type === "lock.unlocked"));
});

withPeer("a list holds exactly the codes asked for, in pages", ["--locks", "3", "--codes", "30", "--unmanaged", "3"], async (peer) => {
	const { devices } = await peer.ask("/devices/list", {}, "GET");
	const device_id = devices[0].device_id;
	const all = await peer.ask("/access_codes/list", { device_id }, "GET");
	assert.equal(all.access_codes.length, 10);
	assert.ok(all.access_codes.every((code) => code.device_id === device_id && code.is_managed));
	const seen = [];
	for (let page_cursor = null; ; ) {
		const { access_codes, pagination } = await peer.ask("/access_codes/list", { device_id, limit: 4, ...(page_cursor ? { page_cursor } : {}) });
		seen.push(...access_codes);
		page_cursor = pagination.next_page_cursor;
		assert.equal(pagination.has_next_page, page_cursor !== null);
		if (!page_cursor) break;
		const other = await peer.ask("/access_codes/list", { device_id, limit: 5, page_cursor });
		assert.equal(other.error.type, "mismatched_page_parameters");
	}
	assert.deepEqual(new Set(seen.map((code) => code.access_code_id)), new Set(all.access_codes.map((code) => code.access_code_id)));
	const two = all.access_codes.slice(0, 2).map((code) => code.access_code_id);
	assert.equal((await peer.ask("/access_codes/list", { access_code_ids: two }, "GET")).access_codes.length, 2);
	assert.equal((await peer.ask("/access_codes/unmanaged/list", { device_id })).access_codes.length, 1);
	assert.equal((await peer.ask("/access_codes/list")).error.type, "invalid_input");
});

withPeer("a code lives: created, set, renamed with its times kept, ongoing, gone", ["--settle-ms", "20"], async (peer) => {
	const { device_id } = await peer.lockOf("august_lock");
	const get = (access_code_id) => () => peer.ask("/access_codes/get", { access_code_id });
	const { access_code } = await peer.ask("/access_codes/create", { device_id, name: "Ito", code: "73915",
		starts_at: at(-HOUR), ends_at: at(HOUR), common_code_key: "key-1" });
	assert.equal(access_code.common_code_key, "key-1");
	const { access_code_id } = access_code;
	await peer.until(get(access_code_id), (answer) => answer.access_code.status === "set");
	assert.equal((await peer.ask("/access_codes/update", { access_code_id, name: "Ito Kenji" }, "PATCH")).action_attempt.status, "success");
	const renamed = await peer.until(get(access_code_id), (answer) => answer.access_code.pending_mutations.length === 0);
	assert.equal(renamed.access_code.type, "time_bound");
	assert.equal(renamed.access_code.starts_at, access_code.starts_at);
	await peer.ask("/access_codes/update", { access_code_id, type: "ongoing" }, "PATCH");
	const open = await get(access_code_id)();
	assert.deepEqual([open.access_code.type, open.access_code.ends_at], ["ongoing", null]);
	await peer.until(get(access_code_id), (answer) => answer.access_code.status === "set");
	assert.equal((await peer.ask("/access_codes/delete", { access_code_id }, "DELETE")).action_attempt.action_type, "DELETE_ACCESS_CODE");
	await peer.until(get(access_code_id), (answer) => answer.error?.type === "access_code_not_found");
	const types = await peer.eventTypes(access_code_id);
	for (const type of ["created", "set_on_device", "name_changed", "time_frame_changed", "removed_from_device", "deleted"])
		assert.ok(types.includes(`access_code.${type}`), type);
});

withPeer("what a lock cannot take is refused at the field", ["--codes", "0", "--locks", "39"], async (peer) => {
	const refusals = [
		["august_lock", { code: "12a4" }, "code"], ["august_lock", { code: "123" }, "code"], ["nuki_lock", { code: "102345" }, "code"],
		["tedee_lock", { code: "12345" }, "code"], ["salto_lock", { code: "456789" }, "code"], ["august_lock", { starts_at: at(0) }, ""],
		["august_lock", { starts_at: at(HOUR), ends_at: at(HOUR / 2) }, "ends_at"], ["kwikset_lock", { starts_at: at(-HOUR), ends_at: at(HOUR) }, "starts_at"],
	];
	for (const [type, params, field] of refusals) {
		const { device_id } = await peer.lockOf(type);
		const { status, error } = await peer.ask("/access_codes/create", { device_id, ...params });
		const tree = field ? error.validation_errors[field] : error.validation_errors;
		assert.deepEqual([status, error.type, tree._errors.length], [400, "invalid_input", 1], `${type} ${JSON.stringify(params)}`);
	}
	const { device_id } = await peer.lockOf("august_lock");
	await peer.ask("/access_codes/create", { device_id, name: "Anna", code: "4711" });
	const second = await peer.ask("/access_codes/create", { device_id, name: "Ben", code: "4711" });
	assert.deepEqual([second.status, second.error.type, second.error.data.name], [409, "duplicate_access_code", "Anna"]);
	assert.match(second.error.message, /"Anna" has it/);
});

withPeer("a lock that chooses its codes tells the PIN once it has one", ["--settle-ms", "20", "--codes", "0", "--locks", "39"], async (peer) => {
	const { device_id } = await peer.lockOf("salto_lock");
	const { access_code } = await peer.ask("/access_codes/create", { device_id, name: "Rossi" });
	assert.deepEqual([access_code.code, access_code.is_waiting_for_code_assignment], [null, true]);
	await peer.until(() => peer.ask("/access_codes/get", { access_code_id: access_code.access_code_id }), (answer) => /^\d{6}$/.test(answer.access_code.code));
});

withPeer("backup and unmanaged codes", ["--settle-ms", "0", "--codes", "0"], async (peer) => {
	const { device_id } = await peer.lockOf("august_lock");
	const { access_code } = await peer.ask("/access_codes/create", { device_id, name: "Ito", starts_at: at(0), ends_at: at(HOUR) });
	const pulled = await peer.ask("/access_codes/pull_backup_access_code", { access_code_id: access_code.access_code_id });
	assert.deepEqual([pulled.access_code.is_backup, pulled.backup_access_code.is_backup], [true, true]);
	const again = await peer.ask("/access_codes/get", { access_code_id: access_code.access_code_id });
	assert.equal(again.access_code.pulled_backup_access_code_id, pulled.access_code.access_code_id);

	const stray = (await peer.ask("/access_codes/simulate/create_unmanaged_access_code", { device_id, name: "Old", code: "4711" })).access_code;
	const { access_code_id } = stray;
	assert.equal((await peer.ask("/access_codes/get", { access_code_id })).status, 404);
	assert.equal((await peer.ask("/access_codes/unmanaged/get", { access_code_id }, "GET")).access_code.is_managed, false);
	assert.equal((await peer.ask("/access_codes/unmanaged/convert_to_managed", { access_code_id }, "PATCH")).ok, true);
	assert.equal((await peer.ask("/access_codes/get", { access_code_id })).access_code.code, "4711");
	const other = (await peer.ask("/access_codes/simulate/create_unmanaged_access_code", { device_id, name: "Older", code: "4712" })).access_code;
	assert.equal((await peer.ask("/access_codes/unmanaged/delete", { access_code_id: other.access_code_id }, "DELETE")).ok, true);
	assert.equal((await peer.ask("/access_codes/unmanaged/get", { access_code_id: other.access_code_id })).status, 404);
});

withPeer("doors: the attempt, the event, and a lock that is offline", ["--action-ms", "20"], async (peer) => {
	const { device_id } = await peer.lockOf("yale_lock");
	const finished = async () => {
		const { action_attempt } = await peer.ask("/locks/unlock_door", { device_id });
		assert.equal(action_attempt.status, "pending");
		const { action_attempt_id } = action_attempt;
		return (await peer.until(() => peer.ask("/action_attempts/get", { action_attempt_id }), (answer) => answer.action_attempt.status !== "pending")).action_attempt;
	};
	const done = await finished();
	assert.equal(done.status, "success");
	const { events } = await peer.ask("/events/list", { since: at(-HOUR), device_id, event_type: "lock.unlocked" });
	assert.deepEqual([events[0].method, events[0].action_attempt_id], ["remote", done.action_attempt_id]);
	await peer.ask("/_ctl/device", { device_id, online: false });
	assert.equal((await finished()).error.type, "device_disconnected");
	const [latest] = (await peer.ask("/events/list", { since: at(-HOUR), device_id, event_type: "device.disconnected" })).events;
	assert.equal(latest.error_code, "device_disconnected");
});

withPeer("events: exact filters, newest first, a limit", ["--events", "50"], async (peer) => {
	const since = "2020-01-01T00:00:00Z";
	const { events } = await peer.ask("/events/list", { since });
	assert.equal(events.length, 50);
	assert.ok(events.every((event, i) => i === 0 || event.created_at <= events[i - 1].created_at));
	assert.deepEqual((await peer.ask("/events/list", { since, limit: 3 })).events, events.slice(0, 3));
	assert.deepEqual((await peer.ask("/events/list", { since: events[1].created_at })).events, events.slice(0, 1));
	const { access_code_id } = events.find((event) => event.access_code_id);
	const mine = (await peer.ask("/events/list", { since, access_code_id }, "GET")).events;
	assert.deepEqual(mine, events.filter((event) => event.access_code_id === access_code_id));
	assert.equal((await peer.ask("/events/get", { event_id: events[7].event_id })).event.event_id, events[7].event_id);
	assert.equal((await peer.ask("/events/get", { event_id: "nobody" })).error.type, "event_not_found");
	assert.equal((await peer.ask("/events/list", {})).error.type, "invalid_input");
	const { event } = await peer.ask("/_ctl/event", { event_type: "lock.unlocked", device_id: events[0].device_id, access_code_id });
	assert.equal((await peer.ask("/events/list", { since: events[0].created_at })).events[0].event_id, event.event_id);
});

withPeer("faults strike where they are told to", ["--codes", "0", "--settle-ms", "0"], async (peer) => {
	const { device_id } = await peer.lockOf("august_lock");
	const create = () => peer.ask("/access_codes/create", { device_id, name: "Ito" });
	const count = async () => (await peer.ask("/_ctl/codes", { device_id })).access_codes.length;
	const strike = (fail_mode) => peer.ask("/_ctl/faults", { fail_mode, fail_count: 1, fail_path: "/access_codes/create" });
	await strike("429");
	assert.equal((await create()).status, 429);
	const carriedOut = { "reset-before": 0, "reset-after": 1, truncate: 1, garbage: 1 };
	for (const [mode, more] of Object.entries(carriedOut)) {
		const before = await count();
		await strike(mode);
		await peer.ask("/devices/list"); // another path: untouched
		await assert.rejects(create(), mode);
		assert.equal(await count(), before + more, mode);
	}
	assert.equal((await create()).status, 200);
	const stats = await peer.ask("/_ctl/stats", {}, "GET");
	assert.deepEqual([stats.failed, stats.paths["/access_codes/create"]], [5, 6]);
});

test("a restart with --state loses nothing, not even after kill -9", { timeout: 60_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), "selftest-"));
	const options = ["--state", join(folder, "state"), "--codes", "5"];
	try {
		const first = await Peer.start(...options);
		const { device_id } = await first.lockOf("august_lock");
		const { access_code } = await first.ask("/access_codes/create", { device_id, name: "Ito" });
		const ended = new Promise((resolve) => first.child.once("exit", resolve));
		first.child.kill("SIGKILL");
		await ended;
		const second = await Peer.start(...options, "--port", new URL(first.url).port);
		assert.equal((await second.ask("/access_codes/get", { access_code_id: access_code.access_code_id })).access_code.name, "Ito");
		assert.equal((await second.ask("/_ctl/codes")).access_codes.length, 6);
		await second.stop();
	} finally {
		rmSync(folder, { recursive: true });
	}
});

withPeer("a wrong key, method and body are refused as the API does", [], async (peer) => {
	const unknown = await fetch(`${peer.url}/locks/list`, { headers: { authorization: "Bearer seam_nobody" } });
	assert.equal(unknown.status, 401);
	assert.ok(unknown.headers.get("seam-request-id") && unknown.headers.get("date"));
	assert.equal((await peer.ask("/access_codes/update", {}, "DELETE")).status, 405);
	const broken = await fetch(`${peer.url}/access_codes/create`, { method: "POST", body: "{",
		headers: { authorization: `Bearer ${peer.key}`, "content-type": "application/json" } });
	assert.deepEqual([broken.status, await broken.text()], [400, "Invalid JSON"]);
	assert.equal((await peer.ask("/workspaces/get")).workspace.is_sandbox, true); // the vendor's own
});
