// kills - kill -9 of the desk and of sync at random moments loses nothing and doubles nothing.
//
// Each round a code is asked for and one of the two who are at work is killed somewhere in it. What
// the desk was told is queued must be on the server exactly once in the end; what it was not told
// may be there, but never twice. KEYRACK_KILLS is the number of rounds, KEYRACK_SEED the dice.

import assert from "node:assert/strict";
import { test } from "node:test";

import { until, withDesk } from "./lib.mjs";

const ROUNDS = Number(process.env.KEYRACK_KILLS ?? 200);
const SEED = Number(process.env.KEYRACK_SEED ?? Date.now() % 100000);
const MOMENTS_MS = 120;
const CONSOLE_EVERY = 8;
const DOORS = 12;
// A Salto lock makes its own PINs, so nothing but care keeps a repeated create from being a second
// code: elsewhere the server refuses the same PIN. Half of the codes are asked for here.
const UNGUARDED = 5;

let dice = SEED >>> 0;
function roll(n) {
	dice = (Math.imul(dice, 1664525) + 1013904223) >>> 0;
	return Math.floor((dice / 2 ** 32) * n);
}

// A moment that nobody chose: the only place where time itself is what is waited for.
const moment = () => new Promise((resolve) => setTimeout(resolve, roll(MOMENTS_MS)));

// The desk as a command; killed, or ended by itself. True when it had said that it is queued.
async function byCommand(desk, name, killed) {
	const door = roll(2) ? UNGUARDED : 1 + roll(DOORS);
	const child = desk.start("code", "create", "--lock", `Door ${String(door).padStart(2, "0")}`, "--name", name);
	let out = "";
	child.stdout.on("data", (part) => (out += part));
	const closed = new Promise((resolve) => child.once("close", resolve));
	if (killed) {
		await moment();
		child.kill("SIGKILL");
	}
	await closed;
	if (!killed) assert.equal(child.exitCode, 0);
	return child.exitCode === 0 || /queued/i.test(out);
}

// The desk as a console in its terminal, killed somewhere between the first key and the last.
async function byKeys(desk, name) {
	const screen = await desk.screen({ cols: 80, rows: 24 });
	await screen.see(/Door 01/);
	const pid = await screen.pid();
	await screen.keys("n");
	await screen.see("New code");
	await screen.type(name);
	await screen.keys("Enter");
	await screen.type("4h"); // a night in a room that is taken is asked about first
	await screen.keys("Enter");
	const told = roll(2) === 0;
	if (told) await screen.seeNot("New code");
	else await moment();
	process.kill(pid, "SIGKILL");
	await screen.close();
	return told;
}

test(`${ROUNDS} kills, seed ${SEED}`, { timeout: 600_000 }, async () => {
	await withDesk(["--locks", String(DOORS), "--codes", "0", "--events", "0", "--settle-ms", "5"], async (desk) => {
		const { server } = desk;
		const promised = new Set();
		const asked = [];
		// Time for a kill to fall between the request, its being carried out, and the answer.
		await server.ask("/_ctl/faults", { fail_path: "/access_codes/create", jitter_ms: 20, answer_ms: 40 });
		desk.sync();
		await until("the first pull is done", async () => ({ ok: (await desk.objects("locks").catch(() => [])).length === DOORS }));

		assert.equal((await server.device(`Door 0${UNGUARDED}`)).device_type, "salto_lock");
		for (let i = 0; i < ROUNDS; i++) {
			const name = `Guest ${i}`;
			asked.push(name);
			const killSync = roll(2) === 0;
			const killing = killSync ? moment().then(() => desk.killSyncs("SIGKILL")) : null;
			const told = i % CONSOLE_EVERY === 0 ? byKeys(desk, name) : byCommand(desk, name, !killSync || roll(3) === 0);
			if (await told) promised.add(name);
			await killing;
			if (killSync) desk.sync();
		}

		await until("the outbox is empty", async () => {
			const waiting = (await desk.objects("outbox")).filter((intent) => ["queued", "sending"].includes(intent.state));
			return { ok: waiting.length === 0, seen: JSON.stringify(waiting.slice(0, 3), null, 1) };
		}, 60_000);
		const count = new Map();
		for (const code of (await server.ask("/_ctl/codes")).access_codes) count.set(code.name, (count.get(code.name) ?? 0) + 1);
		const lost = [...promised].filter((name) => !count.has(name));
		const doubled = asked.filter((name) => count.get(name) > 1);
		assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
		assert.ok(promised.size > ROUNDS / 4, `only ${promised.size} of ${ROUNDS} got as far as a promise`);
	});
});
