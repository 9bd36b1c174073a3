// kill -9 at any instant while people work: what was acknowledged is kept, nothing is there twice,
// no event is lost or told twice, and in the end no lock holds a code that should be gone.
//
// KEYRACK_KILLS: how many; KEYRACK_SEED: the same moments again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SECOND, withHouse } from "./lib.mjs";

const KILLS = Number(process.env.KEYRACK_KILLS ?? 30);
const SEED = Number(process.env.KEYRACK_SEED ?? Date.now() % 100_000);
const CLERKS = 4;
// From one start to the next kill: mostly so short that a lock's answer finds nobody, sometimes so
// long that it is noted and the next step begun.
const SHORT_MS = 120, LONG_MS = 3_000;
const STUCK_MS = 60 * SECOND; // nothing settles any more

let dice = SEED;
// Mulberry32: a small generator, so that a seed is the same moments again.
function roll(n) {
	dice = (dice + 0x6d2b79f5) | 0;
	let t = Math.imul(dice ^ (dice >>> 15), 1 | dice);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const soon = (ms) => new Date(Date.now() + ms).toISOString();

// Room for every code whose create was not acknowledged, and which nobody will take away.
const slots = 2000;
const LOCKS = {
	Lobby: { type: "two_n_intercom", slots }, Studio: { type: "nuki_lock", slots }, Loft: { type: "salto_lock", slots },
	Attic: { type: "two_n_intercom", slots }, Cabin: { type: "ttlock_lock", slots }, Annex: { type: "two_n_intercom", slots },
};

// One clerk: creates, renames and deletes; notes what was acknowledged. An answer that never came
// says nothing: the change may have been made or not, but not twice.
async function clerk(house, number, doors, book, working) {
	for (let i = 0; working(); i++) {
		const name = `Guest ${number}-${i}`;
		const device_id = doors[roll(doors.length)];
		const kind = roll(3);
		const window = kind === 0 ? {} : { starts_at: soon(roll(2_000)), ends_at: soon(3_000 + roll(6_000)) };
		const entry = { name, asked: true, ends: window.ends_at };
		book.set(name, entry);
		const made = await attempt(house, "/access_codes/create", { device_id, name, ...window });
		if (!made) continue;
		if (made.status !== 200) {
			// The lock is full, or somebody was quicker: refused is refused.
			assert.ok([400, 409].includes(made.status), JSON.stringify(made));
			entry.refused = true;
			continue;
		}
		entry.id = made.body.access_code.access_code_id;
		if (roll(3) === 0) {
			const renamed = `${name} moved`;
			entry.renaming = renamed;
			const answer = await attempt(house, "/access_codes/update", { access_code_id: entry.id, name: renamed });
			if (answer?.status === 200) entry.renamed = renamed;
		}
		if (kind === 0 && roll(10) > 0) {
			entry.deleting = true;
			const answer = await attempt(house, "/access_codes/delete", { access_code_id: entry.id });
			if (answer?.status === 200) entry.deleted = true;
		}
	}
}

async function attempt(house, path, params) {
	while (!house.up) await house.next;
	return house.post(path, params).catch(() => null);
}

async function restart(house) {
	house.up = false;
	let tell;
	house.next = new Promise((resolve) => (tell = resolve));
	await house.kill("SIGKILL");
	await house.launch();
	house.up = true;
	tell();
}

async function everything(house, path, key, params = {}) {
	const all = [];
	for (let page_cursor = null; ; ) {
		const answer = await house.ask(path, { ...params, ...(page_cursor ? { page_cursor } : {}) });
		all.push(...answer[key]);
		page_cursor = answer.pagination?.next_page_cursor;
		if (!page_cursor) return all;
	}
}

// What is there now, once nothing is on its way any more: each code set, and each that should be
// gone gone.
async function settled(house, doors) {
	let least = Infinity, deadline;
	for (;;) {
		const codes = [];
		for (const device_id of doors) codes.push(...await everything(house, "/access_codes/list", "access_codes", { device_id }));
		const moving = codes.filter((code) => code.status !== "set" || code.ends_at);
		if (moving.length === 0) return codes;
		if (moving.length < least) [least, deadline] = [moving.length, Date.now() + STUCK_MS];
		assert.ok(Date.now() < deadline, `not settled: ${JSON.stringify(moving.slice(0, 3), null, 1)}`);
		await pause(200);
	}
}

test(`${KILLS} kills, seed ${SEED}`, { timeout: 1_200_000 }, async () => {
	await withHouse({ locks: LOCKS, clock: null }, async (house) => {
		const doors = await Promise.all(Object.keys(LOCKS).map(async (name) => (await house.device(name)).device_id));
		const began = new Date(Date.now() - 60_000).toISOString();
		const book = new Map();
		let kills = 0;
		house.up = true;
		const work = Array.from({ length: CLERKS }, (_, n) => clerk(house, n, doors, book, () => kills < KILLS));
		for (; kills < KILLS; kills++) {
			await pause(roll(roll(10) ? SHORT_MS : LONG_MS));
			await restart(house);
		}
		await Promise.all(work);

		const codes = await settled(house, doors);
		const closed = await everything(house, "/keyrackd/access_codes/history", "access_codes", {});
		const known = new Map();
		for (const code of [...codes, ...closed]) known.set(code.name, (known.get(code.name) ?? 0) + 1);
		const byId = new Map([...codes, ...closed].map((code) => [code.access_code_id, code]));
		const alive = new Set(codes.map((code) => code.access_code_id));
		const lost = [], doubled = [], undead = [], unnamed = [], ended = [];
		for (const entry of book.values()) {
			const names = [entry.name, entry.renaming].filter(Boolean);
			if (names.reduce((sum, name) => sum + (known.get(name) ?? 0), 0) > 1) doubled.push(entry);
			if (!entry.id) continue;
			if (!byId.has(entry.id)) lost.push(entry);
			else if (entry.renamed && byId.get(entry.id).name !== entry.renamed) unnamed.push(entry);
			if (entry.deleted && alive.has(entry.id)) undead.push(entry);
			if (!entry.ends && !entry.deleting && !alive.has(entry.id)) ended.push(entry);
		}
		assert.deepEqual({ lost, doubled, undead, unnamed, ended }, { lost: [], doubled: [], undead: [], unnamed: [], ended: [] });

		// The journal: each life told once, from its beginning to where it stands.
		const events = [];
		for (let offset = 0, page; (page = (await house.ask("/events/list", { since: began, limit: 5_000, unstable_offset: offset })).events).length > 0; offset += page.length) events.push(...page);
		assert.equal(new Set(events.map((event) => event.event_id)).size, events.length, "an event is told twice");
		const told = new Map();
		for (const event of events) {
			if (!event.access_code_id) continue;
			const life = told.get(event.access_code_id) ?? {};
			life[event.event_type] = (life[event.event_type] ?? 0) + 1;
			told.set(event.access_code_id, life);
		}
		for (const id of byId.keys()) {
			const life = told.get(id) ?? {};
			const wrong = `${JSON.stringify(byId.get(id))} ${JSON.stringify(life)}`;
			assert.equal(life["access_code.created"], 1, wrong);
			assert.equal(life["access_code.deleted"] ?? 0, alive.has(id) ? 0 : 1, wrong);
			assert.ok((life["access_code.removed_from_device"] ?? 0) <= 1, wrong);
			if (alive.has(id)) assert.ok(life["access_code.set_on_device"] >= 1, wrong);
		}

		// The doors: they hold what is alive, and nothing else.
		for (const device_id of doors) {
			const held = (await house.held(device_id)).codes.map((code) => code.code).sort();
			const wanted = codes.filter((code) => code.device_id === device_id).map((code) => code.code).sort();
			assert.deepEqual(held, wanted);
		}
		const done = [...book.values()].filter((entry) => entry.id).length;
		console.log(`# ${book.size} asked for, ${done} acknowledged, ${codes.length} alive, ${closed.length} closed, ${events.length} events`);
		assert.ok(done > KILLS / 4, `only ${done} were acknowledged`);
	});
});
