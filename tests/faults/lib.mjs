// lib - a desk whose sync stands behind a server that can be told to fail, and what is judged of it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Desk, end, until } from "../e2e/lib.mjs";
import { House } from "../keyrackd/lib.mjs";
import { Before } from "./server.mjs";

export { end, until };
export const LONG = Boolean(process.env.KEYRACK_FAULTS_LONG);
export const SEED = Number(process.env.KEYRACK_SEED ?? 1);
export const ROUNDS = Number(process.env.KEYRACK_ROUNDS ?? (LONG ? 200 : 8));

// Mulberry32, so that a seed is the same again.
export function dice(seed) {
	let state = seed | 0;
	return (n) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}

// The sanitizer keeps what was freed.
export const MEMORY_MB = process.env.ASAN_OPTIONS ? 1_200 : 300;

// Processor time and the most memory that a process has had; null where /proc does not say.
export function usage(pid) {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
		const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
		return { cpu_ms: (Number(fields[11]) + Number(fields[12])) * 10, peak_mb: Number(peak) / 1024 };
	} catch {
		return null;
	}
}

// keyrackd with a few locks, and codes on them: what every desk of a file of tests looks at.
export async function openHouse(codes = 12, args = []) {
	const locks = Object.fromEntries(["Front", "Attic", "Cabin"].map((name) => [name, { type: "two_n_intercom", slots: 5000 }]));
	const house = await House.open({ locks, clock: null, args });
	for (let i = 0; i < codes; i++) {
		const { device_id } = await house.device(Object.keys(locks)[i % 3]);
		await house.create({ device_id, name: `Guest ${i}` });
	}
	return house;
}

// A desk of its own; sync is a child of ours, whose lines are kept in 'said'.
export class Stand {
	static async open(house, { tls, config = [], fault = null, patience = 20, scheme = null } = {}) {
		const stand = new Stand();
		stand.house = house;
		stand.before = await Before.open(house, tls);
		stand.before.fault = fault;
		if (scheme) stand.before.url = stand.before.url.replace(/^https?/, scheme);
		stand.desk = Desk.at(stand.before);
		const folder = join(stand.desk.env.XDG_CONFIG_HOME, "keyrack");
		mkdirSync(folder);
		writeFileSync(join(stand.desk.folder, "key"), house.key, { mode: 0o600 });
		writeFileSync(join(folder, "keyrack.conf"), ["[profile test]", `endpoint = ${stand.before.url}`,
			`api-key-file = ${join(stand.desk.folder, "key")}`, `folder = ${stand.desk.cache}`,
			`answer-timeout = ${patience}`, "poll-interval = 1", ...config, ""].join("\n"));
		for (const name of ["KEYRACK_CACHE", "KEYRACK_ENDPOINT", "KEYRACK_API_KEY"]) delete stand.desk.env[name];
		return stand;
	}

	startSync({ env = {}, wrap = [] } = {}) {
		const [program, ...args] = [...wrap, process.env.KEYRACK, "sync", "--service"];
		this.said = "";
		this.sync = spawn(program, args, { env: { ...this.desk.environment(), ...env }, stdio: ["ignore", "ignore", "pipe"] });
		this.sync.stderr.on("data", (part) => (this.said += part));
	}

	// Until sync has said this, after the first 'from' characters of what it said.
	says(pattern, from = 0, deadline_ms) {
		return until(`sync says ${pattern}`, async () => ({ ok: pattern.test(this.said.slice(from)), seen: this.said }), deadline_ms);
	}

	// Name, PIN, window and door of every guest, as the desk knows them; other desks make others meanwhile.
	async codes() {
		const rows = (await this.desk.objects("codes")).filter((c) => /^Guest/.test(c.name));
		return rows.map((c) => [c.access_code_id, c.name, c.code, c.starts_at, c.ends_at, c.device_id].join(" ")).sort();
	}

	async create(name) {
		const { status, err } = await this.desk.cli("code", "create", "--lock", "Front", "--name", name);
		assert.equal(status, 0, err);
	}

	waiting() {
		return this.desk.objects("outbox").then((rows) => rows.filter((row) => ["queued", "sending"].includes(row.state)));
	}

	async named(name) {
		const { access_codes } = await this.house.ask("/access_codes/list", { device_id: (await this.house.device("Front")).device_id });
		return access_codes.filter((code) => code.name === name);
	}

	// Everything that was asked for has arrived, once.
	async arrived(names, deadline_ms = 30_000) {
		await until("the outbox is empty", async () => {
			const waiting = await this.waiting();
			return { ok: waiting.length === 0, seen: `${JSON.stringify(waiting, null, 1)}\n${this.said}` };
		}, deadline_ms);
		for (const name of names) assert.equal((await this.named(name)).length, 1, `${name} is not there once`);
	}

	doctor() {
		return this.desk.objects("doctor").catch(() => []);
	}

	async close() {
		if (this.sync) await end(this.sync, "SIGKILL");
		await this.desk.close();
	}
}

// A few at a time: most of them wait.
export async function together(n, rows, each) {
	const left = [...rows];
	const wrong = [];
	const work = async () => {
		for (let row; (row = left.shift()); ) {
			try {
				await each(row);
			} catch (error) {
				wrong.push(`${row.what}: ${error.message}`);
			}
		}
	};
	await Promise.all(Array.from({ length: n }, work));
	assert.deepEqual(wrong, []);
}
