// kill - kill -9 of sync in a pull and in a push, and SIGSTOP of sync and of the server for longer than anybody
// waits. Kills of keyrackd under writes are tests/keyrackd/kills, of the console tests/e2e/kills.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dice, end, openHouse, ROUNDS, SEED, Stand, until, usage } from "./lib.mjs";

const roll = dice(SEED);
const CPU_MS = 2_000;
const MOMENT_MS = 250; // in which a first pull of this house is done
const moment = () => new Promise((over) => setTimeout(over, roll(MOMENT_MS)));
const pulled = (stand) => until("the first pull", async () => ({ ok: (await stand.codes().catch(() => [])).length >= 60, seen: stand.said }), 60_000);

test(`kill -9 of sync in a pull and in a push, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
	const house = await openHouse(60);
	const stand = await Stand.open(house);
	try {
		const names = [];
		stand.startSync();
		await pulled(stand);
		const right = await stand.codes();
		for (let i = 0; i < ROUNDS; i++) {
			if (stand.sync.exitCode === null && stand.sync.signalCode === null) names.push(`Kill ${i}`);
			if (i % 2) await stand.desk.cli("code", "create", "--lock", "Front", "--name", `Kill ${i}`).then((said) => assert.equal(said.status, 0, said.err));
			else names.pop();
			await moment();
			await end(stand.sync, "SIGKILL");
			stand.startSync();
			await moment();
		}
		await stand.arrived(names, 60_000);
		assert.deepEqual(await stand.codes(), right);
		console.log(`# ${ROUNDS} kills, ${names.length} changes: each is there once`);
	} finally {
		await stand.close();
		await house.close();
	}
});

test(`kill -9 in a first pull, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
	const house = await openHouse(60);
	try {
		for (let i = 0; i < ROUNDS / 4; i++) {
			const stand = await Stand.open(house);
			try {
				for (let k = 0; k < 3; k++) {
					stand.startSync();
					await moment();
					await end(stand.sync, "SIGKILL");
				}
				assert.equal((await stand.desk.cli("sync", "--once")).status, 0);
				assert.equal((await stand.codes()).length, 60);
			} finally {
				await stand.close();
			}
		}
	} finally {
		await house.close();
	}
});

const STOPPED_MS = 7_000, PATIENCE_S = 3;

for (const who of ["the server", "sync"]) {
	test(`SIGSTOP of ${who} for longer than every patience, and SIGCONT`, { timeout: 300_000 }, async () => {
		const house = await openHouse(60);
		const stand = await Stand.open(house, { patience: PATIENCE_S });
		try {
			stand.startSync();
			await pulled(stand);
			const before = usage(stand.sync.pid);
			let held = false;
			const child = who === "sync" ? stand.sync : house.child;
			child.kill("SIGSTOP");
			if (who === "sync") {
				const said = await stand.desk.cli("code", "create", "--lock", "Front", "--name", "Stopped", "--wait", "--timeout", "2");
				held = said.status === 7; // stopped while it wrote: said, and nothing is queued
				if (held) assert.match(said.err, /in use by another process: try again/);
				else assert.equal(said.status, 9, said.err); // no answer yet; queued
				await new Promise((over) => setTimeout(over, STOPPED_MS));
			} else {
				await stand.create("Stopped");
				await stand.says(/no answer from 127\.0\.0\.1 within 3 s/, 0, 60_000);
			}
			child.kill("SIGCONT");
			if (held) await stand.create("Stopped");
			await stand.arrived(["Stopped"], 60_000);
			const after = usage(stand.sync.pid);
			if (before && after) assert.ok(after.cpu_ms - before.cpu_ms < CPU_MS, `${after.cpu_ms - before.cpu_ms} ms of the processor`);
		} finally {
			house.child.kill("SIGCONT");
			stand.sync.kill("SIGCONT");
			await stand.close();
			await house.close();
		}
	});
}
