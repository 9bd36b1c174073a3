// disk - a disk that is full or fails below sync, a command and keyrackd: what was said to be safe is, nobody
// says so who cannot know, and all goes on once there is room.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { dice, openHouse, ROUNDS, SEED, Stand, until, usage } from "./lib.mjs";

const SHIM = join(process.cwd(), "tests/faults/disk.so");
const MODES = { "full (ENOSPC)": 1, "failing writes (EIO)": 2, "failing fsync (EIO)": 3, "failing reads (EIO)": 4, "a write cut in half, then full": 5 };
const SAYS = { 1: true, 2: true, 5: true }; // nobody syncs at each turn, and what was read before is in memory
const CPU_MS = 5_000;
const roll = dice(SEED);
const skip = process.platform !== "linux" || !existsSync(SHIM) ? "no disk.so: it is built on Linux, without sanitizers" : false;

// The two numbers that the shim reads.
class Disk {
	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), "keyrack-disk-"));
		this.file = join(this.folder, "told");
		writeFileSync(this.file, Buffer.alloc(8));
		this.fd = openSync(this.file, "r+");
	}

	set(mode, after_n = 0) {
		const numbers = Buffer.alloc(8);
		numbers.writeInt32LE(mode, 0);
		numbers.writeInt32LE(after_n, 4);
		writeSync(this.fd, numbers, 0, 8, 0);
	}

	env(folder) {
		return { LD_PRELOAD: SHIM, KEYRACK_FAULT_FILE: this.file, KEYRACK_FAULT_FOLDER: folder };
	}
}

let house;
before(async () => {
	if (!skip) house = await openHouse();
});
after(() => house?.close());

for (const [what, mode] of Object.entries(MODES)) {
	test(`sync, its disk ${what}`, { skip, timeout: 600_000 }, async () => {
		const disk = new Disk();
		const stand = await Stand.open(house);
		const names = [];
		try {
			stand.startSync({ env: disk.env(stand.desk.cache) });
			await until("the first pull", async () => ({ ok: (await stand.codes().catch(() => [])).length > 0, seen: stand.said }), 60_000);
			const right = await stand.codes();
			const cpu = usage(stand.sync.pid)?.cpu_ms ?? 0;
			for (let i = 0; i < Math.max(ROUNDS / 10, 2); i++) {
				const said = stand.said.length;
				disk.set(mode, roll(12));
				names.push(`Disk ${mode} ${i}`);
				await stand.create(names.at(-1)); // the command's own disk is well
				if (SAYS[mode]) await stand.says(/stopped: .*(disk is full|see whether it is full or failing)/, said, 60_000);
				else await stand.desk.cli("codes");
				disk.set(0);
				assert.equal(stand.sync.exitCode, null, stand.said);
				const again = `Again ${mode} ${i}`; // whoever asks for something has it tried at once
				names.push(again);
				await stand.create(again);
				await stand.arrived(names, 60_000);
			}
			assert.deepEqual(await stand.codes(), right);
			assert.doesNotMatch(stand.said, /made anew/, "a cache that is whole was set aside");
			const spent = (usage(stand.sync.pid)?.cpu_ms ?? 0) - cpu;
			assert.ok(spent < CPU_MS, `${spent} ms of the processor`);
			if (process.env.KEYRACK_TELL) console.log(`${what}: ${stand.said.trim().split("\n").join(" / ")} (${spent} ms)`);
		} finally {
			await stand.close();
			rmSync(disk.folder, { recursive: true });
		}
	});

	test(`a command, its disk ${what}`, { skip, timeout: 600_000 }, async () => {
		const disk = new Disk();
		const stand = await Stand.open(house);
		const kept = [];
		try {
			stand.startSync();
			await until("the first pull", async () => ({ ok: (await stand.codes().catch(() => [])).length > 0, seen: stand.said }), 60_000);
			for (let i = 0; i < Math.max(ROUNDS / 4, 4); i++) {
				const name = `Command ${mode} ${i}`;
				disk.set(mode, i);
				Object.assign(stand.desk.env, disk.env(stand.desk.cache));
				const said = await stand.desk.cli("code", "create", "--lock", "Front", "--name", name);
				for (const variable of Object.keys(disk.env(""))) delete stand.desk.env[variable];
				assert.equal(said.signal, null, said.err);
				if (said.status === 0) kept.push(name);
				else assert.match(said.err, /disk|space|full|read|write|written|I\/O|input/i);
				if (said.status !== 0 && process.env.KEYRACK_TELL) console.log(`${what}: ${said.err.trim()}`);
			}
			await stand.arrived(kept, 60_000);
		} finally {
			await stand.close();
			rmSync(disk.folder, { recursive: true });
		}
	});
}

for (const [what, mode] of Object.entries(MODES)) {
	test(`keyrackd, its disk ${what}`, { skip, timeout: 600_000 }, async () => {
		const disk = new Disk();
		Object.assign(process.env, disk.env(tmpdir()));
		const own = await openHouse(3).finally(() => Object.keys(disk.env("")).forEach((name) => delete process.env[name]));
		try {
			const { device_id } = await own.device("Front");
			const taken = [];
			let refused = 0;
			for (let i = 0; i < Math.max(ROUNDS / 2, 8); i++) {
				disk.set(mode, roll(40));
				const name = `House ${i}`;
				const answer = await own.post("/access_codes/create", { device_id, name }).catch(() => null);
				if (answer?.status === 200) taken.push(name);
				else refused++;
				if (answer && answer.status !== 200) assert.equal(answer.body.error.type, "store_failed", JSON.stringify(answer));
				disk.set(0);
			}
			await until("it answers well", async () => ({ ok: (await own.post("/access_codes/create", { device_id, name: "Last" })).status === 200 }), 60_000);
			const listed = async () => (await own.ask("/access_codes/list", { device_id, limit: 1000 })).access_codes.map((code) => code.name);
			for (const name of taken) assert.ok((await listed()).includes(name), `${name} was acknowledged and is lost`);
			await own.kill("SIGKILL");
			await own.launch();
			for (const name of taken) assert.ok((await listed()).includes(name), `${name} was acknowledged and is lost after kill -9`);
			console.log(`# ${what}: ${taken.length} acknowledged, ${refused} not`);
		} finally {
			await own.close();
			rmSync(disk.folder, { recursive: true });
		}
	});
}
