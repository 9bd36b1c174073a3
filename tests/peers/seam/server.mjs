// server - a server of the API that somebody else wrote, for tests, the demo and benchmarks.
//
// Starts the vendor's in-memory fake with a world in it, on loopback only, and prints one line
// once it answers. SIGTERM and SIGINT end it with status 0. See README.md beside this file.

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Chance } from "./chance.mjs";
import { Front } from "./front.mjs";
import { accounts, bulk, harbourHouse } from "./house.mjs";
import { People } from "./people.mjs";
import { API_KEY, World } from "./world.mjs";

const USAGE = `usage: node server.mjs [options]
  --port N            listen there; 0, the default, takes a free port
  --house             a small hotel with a day in it, instead of the numbers below
  --locks N --codes N --unmanaged N --events N
                      as many of each (12, 60, 0, 200)
  --seed N            the same seed and --now give the same objects (1)
  --now TIME          the moment that the objects are made around (now)
  --people N          so many times a minute somebody opens a door (0)
  --settle-ms N       how long a lock takes to hold a code (500)
  --action-ms N       how long a lock takes to lock or unlock (300)
  --events-oldest-first  the order of the published fake
  --ignore-interrupt  ^C is for the program beside it in the same terminal
  --state FILE        kept there on each change and read at start: a restart loses nothing
`;

function fail(message) {
	process.stderr.write(`server.mjs: ${message}\n${USAGE}`);
	process.exit(2);
}

function options() {
	const number = (by) => ({ type: "string", default: String(by) });
	let values;
	try {
		({ values } = parseArgs({ options: {
			port: number(0), locks: number(12), codes: number(60), unmanaged: number(0), events: number(200), seed: number(1),
			people: number(0), "settle-ms": number(500), "action-ms": number(300), now: { type: "string" }, state: { type: "string" },
			house: { type: "boolean", default: false }, "events-oldest-first": { type: "boolean", default: false },
			"ignore-interrupt": { type: "boolean", default: false }, help: { type: "boolean", default: false },
		} }));
	} catch (error) {
		fail(error.message);
	}
	if (values.help) {
		process.stdout.write(USAGE);
		process.exit(0);
	}
	const out = {};
	for (const [name, value] of Object.entries(values)) {
		const key = name.replaceAll("-", "_");
		out[key] = typeof value === "string" && !["now", "state"].includes(name) ? Number(value) : value;
		if (Number.isNaN(out[key]) || out[key] < 0) fail(`--${name} wants a number, not "${value}"`);
	}
	// A whole minute, so that what is seeded does not differ from one millisecond to the next.
	out.now = values.now ? Date.parse(values.now) : Math.floor(Date.now() / 60_000) * 60_000;
	if (Number.isNaN(out.now)) fail(`--now wants a time, not "${values.now}"`);
	return out;
}

// What the state file holds: the arrays and counters of the database, none of its functions.
const KEPT = ["devices", "access_codes", "events", "action_attempts", "connected_accounts", "webhooks", "_counters"];

function readState(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		if (error.code === "ENOENT") return null;
		fail(`${file}: ${error.message}`);
	}
}

// Writes the state when something has changed: at once before a change is answered, else soon.
class Keeper {
	constructor(world, file) {
		Object.assign(this, { world, file, timer: null });
		world.onChange = () => {
			if (file && !this.timer) this.timer = setTimeout(() => this.save(), 100);
		};
	}

	save() {
		clearTimeout(this.timer);
		this.timer = null;
		if (!this.file || !this.world.dirty) return;
		const state = this.world.db.getState();
		writeFileSync(`${this.file}.new`, JSON.stringify(Object.fromEntries(KEPT.map((name) => [name, state[name]]))));
		renameSync(`${this.file}.new`, this.file);
		this.world.dirty = false;
	}
}

// Its packages may lie elsewhere than this file: see fake-seam.
function vendor() {
	const here = dirname(fileURLToPath(import.meta.url));
	try {
		return createRequire(join(process.env.KEYRACK_PEERS ?? here, "server.mjs"))("@seamapi/fake-seam-connect");
	} catch (error) {
		if (error.code !== "MODULE_NOT_FOUND") throw error;
		process.stderr.write("server.mjs: @seamapi/fake-seam-connect is not installed: npm ci\n");
		process.exit(77);
	}
}

async function main() {
	const asked = options();
	const { createFake } = vendor();
	const fake = await createFake();
	await fake.seed();
	const chance = new Chance(asked.seed);
	const stored = asked.state ? readState(asked.state) : null;
	const made = stored ?? (asked.house ? harbourHouse(chance, asked.now) : bulk(chance, asked.now, asked));
	fake.database.setState(stored ?? { ...made, connected_accounts: accounts(asked.now) });

	const world = new World(fake, asked);
	const keeper = new Keeper(world, asked.state);
	for (const code of fake.database.getState().access_codes) world.plan(code);
	const folder = mkdtempSync(join(tmpdir(), "fake-seam-"));
	const vendorSocket = join(folder, "vendor");
	await fake.startServer({ port: vendorSocket, baseUrl: "http://127.0.0.1" });

	const front = new Front({ world, vendorSocket, chance, save: () => keeper.save(), options: asked });
	const port = await front.listen(asked.port, "127.0.0.1").catch((error) => fail(error.message));
	if (asked.people > 0) new People(world, chance, asked.people).start();
	const end = () => {
		keeper.save();
		rmSync(folder, { recursive: true, force: true });
		process.exit(0);
	};
	process.on("SIGTERM", end);
	process.on("SIGINT", asked.ignore_interrupt ? () => {} : end);
	if (asked.state && !stored) {
		world.dirty = true;
		keeper.save();
	}
	process.stdout.write(`listening on http://127.0.0.1:${port} api_key=${API_KEY}\n`);
}

await main();
