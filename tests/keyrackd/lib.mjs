// lib - a house in a test: keyrackd with simulated locks of the test's own, its clock standing
// still until it is told to move.
//
// The tests know keyrackd by its HTTP side and by what a hand at a keypad finds out, nothing else.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const KEYRACKD = process.env.KEYRACKD;
const run = promisify(execFile);

export const NOON = Date.parse("2026-01-05T12:00:00Z");
export const SECOND = 1_000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
// An instant as the API writes it, so many milliseconds after noon.
export const at = (ms) => new Date(NOON + ms).toISOString();

// A peer's package, from where ./bootstrap has installed it.
export const peer = (name) => import(join(process.env.KEYRACK_PEERS, "node_modules", name, "index.js"));

// "[lock NAME]" groups of a property file: { "Front": { type: "yale_lock", lengths: 6 } }.
const property = (locks) => ["[property]", "name = Test House", "zone = Europe/Berlin",
	...Object.entries(locks).flatMap(([name, facts]) => ["", `[lock ${name}]`,
		...Object.entries(facts).map(([key, value]) => `${key} = ${value}`)]), ""].join("\n");

export class House {
	// locks: as above. clock: null for real time. args: further options of keyrackd.
	static async open({ locks, clock = "2026-01-05T12:00:00Z", args = [] }) {
		const house = new House();
		house.folder = mkdtempSync(join(tmpdir(), "keyrackd-test-"));
		house.store = `sqlite:${join(house.folder, "store.db")}`;
		const file = join(house.folder, "house.ini");
		writeFileSync(file, property(locks));
		house.args = ["--store", house.store, "--listen", "127.0.0.1:0", "--simulate", file, "--seed", "7",
			...(clock ? ["--clock", clock] : []), ...args];
		house.key = await house.makeKey("admin");
		await house.launch();
		return house;
	}

	async makeKey(role) {
		const { stdout } = await run(KEYRACKD, ["key", "create", "--store", this.store, "--role", role]);
		return stdout.trim();
	}

	// Once it serves, keyrackd says where.
	async launch() {
		this.child = spawn(KEYRACKD, this.args, { stdio: ["ignore", "ignore", "pipe"] });
		this.said = "";
		const lines = createInterface({ input: this.child.stderr });
		this.url = await new Promise((serves, fails) => {
			lines.on("line", (line) => {
				this.said += `${line}\n`;
				const [, url] = /serving .* at (http:\S+)/.exec(line) ?? [];
				if (url) serves(url);
			});
			this.child.once("exit", () => fails(new Error(`keyrackd did not start: ${this.said}`)));
		});
	}

	async kill(signal = "SIGKILL") {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const gone = once(this.child, "exit");
		this.child.kill(signal);
		await gone;
	}

	async close() {
		await this.kill("SIGTERM");
		assert.deepEqual([this.child.exitCode, this.child.signalCode], [0, null], this.said);
		rmSync(this.folder, { recursive: true, force: true });
	}

	// A POST; { status, body }. Never throws for an answer that is a refusal.
	async post(path, params = {}, key = this.key) {
		const answer = await fetch(new URL(path, this.url), { method: "POST", body: JSON.stringify(params),
			headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } });
		return { status: answer.status, body: await answer.json() };
	}

	// A POST that has to go well: its answer.
	async ask(path, params = {}) {
		const { status, body } = await this.post(path, params);
		assert.equal(status, 200, `${path} ${JSON.stringify(params)}: ${JSON.stringify(body)}`);
		return body;
	}

	// A POST that has to be refused: its error.
	async refused(status, path, params) {
		const answer = await this.post(path, params);
		assert.equal(answer.status, status, `${path} ${JSON.stringify(params)}: ${JSON.stringify(answer.body)}`);
		return answer.body.error;
	}

	advance(ms) {
		return this.ask("/keyrackd/simulate/advance", { seconds: ms / SECOND });
	}

	// Moves the clock to so many milliseconds after noon of the first day.
	async until(ms) {
		const { now } = await this.ask("/keyrackd/simulate/advance", { seconds: 0 });
		await this.advance(NOON + ms - Date.parse(now));
	}

	async device(name) {
		const { devices } = await this.ask("/devices/list");
		const found = devices.find((device) => device.properties.name === name);
		assert.ok(found, `no lock is called ${name}`);
		return found;
	}

	async code(access_code_id) {
		return (await this.ask("/access_codes/get", { access_code_id })).access_code;
	}

	async create(params) {
		return (await this.ask("/access_codes/create", params)).access_code;
	}

	async opens(device_id, code) {
		return (await this.ask("/keyrackd/simulate/enter", { device_id, code })).opened;
	}

	// What the lock itself holds.
	async held(device_id) {
		return (await this.ask("/keyrackd/simulate/lock", { device_id })).lock;
	}

	fault(device_id, fault, on = true) {
		return this.ask("/keyrackd/simulate/fault", { device_id, fault, on });
	}

	// Types of the events of a code (or of a device with its codes' left out), oldest first.
	async events(filter) {
		const { events } = await this.ask("/events/list", { since: at(-DAY), limit: 10_000, ...filter });
		return events.reverse();
	}

	async life(access_code_id) {
		return (await this.events({ access_code_id })).map((event) => event.event_type.replace("access_code.", ""));
	}
}

// Opens a house, runs the scenario, and closes the house whatever happened.
export async function withHouse(options, scenario) {
	const house = await House.open(options);
	try {
		await scenario(house);
	} catch (error) {
		error.message += `\n--- keyrackd ---\n${house.said}`;
		await house.kill();
		throw error;
	}
	await house.close();
}
