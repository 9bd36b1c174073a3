// tasks - the twenty-five tasks of a day at the desk, each played in a terminal on a house of
// simulated locks, with no more keys than it may cost, and with its effect looked for at the server.
//
// What counts is every key that is a command, Enter too; a room's number, a name, a date, a PIN are
// text and do not. Each task has a room of its own, 100 and its number, so none needs another.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Desk, until } from "../e2e/lib.mjs";
import { DAY, HOUR, House, MINUTE } from "./lib.mjs";

const TASKS = 25;
const NOW = Date.now();
const iso = (ms) => new Date(NOW + ms).toISOString();
const room = (task) => `${100 + task} Room`;
const guest = (task) => `Guest${String.fromCharCode(64 + task)}`; // no digits: those are rooms

const locks = Object.fromEntries(Array.from({ length: TASKS }, (_, i) => [room(i + 1), { type: "yale_lock", lengths: 6 }]));
locks["311 Annex"] = { type: "yale_lock", lengths: 6 };
locks.Gym = { type: "yale_lock", lengths: 6 };

let house, desk, screen;
const given = new Set(); // PINs of the stays that tasks began with

// A stay in the task's room; it began an hour ago and lasts until tomorrow.
const stay = async (task, more = {}) => house.create({ device_id: (await house.device(room(task))).device_id, name: guest(task),
	starts_at: iso(-HOUR), ends_at: iso(DAY), ...more });
const codesAt = async (lock) => (await house.ask("/access_codes/list", { device_id: (await house.device(lock)).device_id })).access_codes;
const namedAt = async (lock, name) => (await codesAt(lock)).find((code) => code.name === name);

// Waits for the server to have it so.
const becomes = (what, look) => until(what, async () => {
	const value = await look();
	return { ok: Boolean(value), value, seen: JSON.stringify(value) };
}, 30_000);
const onScreen = (name) => screen.see(name, 30_000);

// Plays a script: strings are keys as tmux names them, { text } is typed and costs nothing.
async function play(keys) {
	let cost = 0;
	for (const key of keys) {
		if (typeof key === "string") {
			cost++;
			await screen.keys(key);
		} else {
			await screen.type(key.text);
		}
	}
	return cost;
}

const typed = (text) => ({ text: String(text) });
const goTo = (task) => [typed(100 + task), "Enter"];
const shift = (ms) => (was, is) => Date.parse(is) - Date.parse(was) === ms;

// task: number in the list of a day; may: keys it may cost; keys; seen or effect.
const rows = [
	{ task: 1, what: "find a room", may: 1, given: stay, keys: goTo(1), seen: /101 Room · GuestA/ },
	{ task: 1, what: "find a guest by name", may: 2, given: async () => {}, keys: ["/", typed("guesta"), "Enter"], seen: /101 Room · GuestA/ },
	{ task: 2, what: "hand over the code at check-in", may: 2, given: stay, keys: [...goTo(2), "i"],
		seen: async ({ code }) => { const pin = code.split("").join(" ?"); return new RegExp(`READY[^]*${pin}|${pin}[^]*READY`); } },
	{ task: 3, what: "walk-in for two nights", may: 5, keys: [...goTo(3), "n", typed("Walk-In"), "Tab", "Tab", typed("+2n"), "Enter"],
		effect: () => namedAt(room(3), "Walk-In") },
	{ task: 4, what: "print the code again", may: 3, given: stay, keys: [...goTo(4), "i", "P"],
		effect: () => existsSync(join(desk.folder, "printed")) && readFileSync(join(desk.folder, "printed"), "utf8").includes("104") },
	{ task: 5, what: "'my code does not work'", may: 2, given: stay, keys: [...goTo(5), "t"], seen: /Does not open: GuestE on 105 Room/ },
	{ task: 6, what: "give a backup code", may: 4, given: (task) => stay(task, { use_backup_access_code_pool: true }),
		ready: async (code) => (await house.code(code.access_code_id)).is_backup_access_code_available,
		keys: [...goTo(6), "b", "y"], effect: async ({ access_code_id }) => (await house.code(access_code_id)).pulled_backup_access_code_id },
	{ task: 7, what: "another PIN", may: 3, given: stay, keys: [...goTo(7), "r", "y"],
		effect: async ({ access_code_id, code }) => (await house.code(access_code_id)).code !== code },
	{ task: 8, what: "early check-in by an hour", may: 4, given: (task) => stay(task, { starts_at: iso(5 * HOUR) }),
		keys: [...goTo(8), "[", "[", "Enter"],
		effect: async (was) => shift(-HOUR)(was.starts_at, (await house.code(was.access_code_id)).starts_at) },
	{ task: 9, what: "late check-out by an hour", may: 4, given: stay, keys: [...goTo(9), "]", "]", "Enter"],
		effect: async (was) => shift(HOUR)(was.ends_at, (await house.code(was.access_code_id)).ends_at) },
	{ task: 10, what: "two nights more", may: 4, given: stay, keys: [...goTo(10), "E", "2", "Enter"],
		effect: async (was) => Date.parse((await house.code(was.access_code_id)).ends_at) - Date.parse(was.ends_at) > DAY },
	{ task: 11, what: "check out now", may: 3, given: stay, keys: [...goTo(11), "x", "y"],
		effect: async () => !(await namedAt(room(11), guest(11))) },
	{ task: 12, what: "move to another room", may: 4, given: stay, keys: [...goTo(12), "M", typed(311), "Enter", "a"],
		effect: async ({ code }) => (await namedAt("311 Annex", guest(12)))?.code === code },
	{ task: 13, what: "one door more", may: 4, given: stay, keys: [...goTo(13), "D", typed("gym"), "Enter"],
		effect: async ({ code }) => (await namedAt("Gym", guest(13)))?.code === code },
	{ task: 14, what: "a second guest on the stay", may: 3, given: stay, keys: [...goTo(14), "c", typed("Second"), "Enter"],
		effect: async (was) => Math.abs(Date.parse((await namedAt(room(14), "Second"))?.ends_at) - Date.parse(was.ends_at)) < MINUTE },
	{ task: 15, what: "unlock for somebody at the door", may: 3, given: stay, keys: [...goTo(15), "u", "y"],
		effect: async () => (await house.device(room(15))).properties.locked === false },
	{ task: 16, what: "who opened it last night?", may: 2, given: async (task) => {
		const code = await stay(task);
		await becomes("on the lock", async () => (await house.code(code.access_code_id)).status === "set");
		assert.ok(await house.opens(code.device_id, code.code));
		return code;
	}, keys: [...goTo(16), "v"], seen: /unlocked +GuestP/ },
	{ task: 18, what: "a contractor for four hours", may: 6, keys: [...goTo(18), "n", typed("Plumber"), "Tab", "Tab", typed("4h"), "Enter"],
		effect: async () => {
			const code = await namedAt(room(18), "Plumber");
			return code && Math.abs(Date.parse(code.ends_at) - Date.parse(code.starts_at) - 4 * HOUR) < 2 * MINUTE;
		} },
	{ task: 17, what: "a cleaner, Mondays to Fridays", may: 6, keys: ["S", "n", typed("Cleaner"), "Enter", "p", "d", "Enter"],
		effect: async () => {
			const code = await namedAt(room(17), "Cleaner");
			return code && new Date(code.ends_at) > NOW && Date.parse(code.ends_at) - Date.parse(code.starts_at) <= 6 * HOUR;
		} },
	{ task: 19, what: "suspend somebody of the staff", may: 3, given: (task) => house.device(room(task)).then(({ device_id }) => house.create({ device_id, name: guest(task) })),
		keys: ["S", "z", "y"], effect: async () => !(await namedAt(room(19), guest(19))) },
	{ task: 20, what: "are tonight's arrivals ready?", may: 1, keys: ["F2"], seen: /arrivals?: \d+ ready/ },
	{ task: 21, what: "batteries and locks out of reach", may: 1, keys: ["F4"], seen: /BATT/ },
	{ task: 22, what: "adopt a stray", may: 3, given: async (task) => {
		const { device_id } = await house.device(room(task));
		await house.ask("/keyrackd/simulate/app", { device_id, add: { code: "918273", name: "Found" } });
		await becomes("seen by keyrackd", async () => (await house.ask("/access_codes/unmanaged/list", { device_id })).access_codes.length > 0);
		await screen.keys("F5");
		await onScreen("Found");
	}, keys: ["F5", "a", "y"], effect: () => namedAt(room(22), "Found") },
	{ task: 23, what: "a PIN has leaked", may: 4, given: (task) => stay(task, { code: "739184" }), keys: ["!", typed("739184"), "Enter", "a"],
		effect: async ({ access_code_id }) => (await house.code(access_code_id)).code !== "739184" },
	{ task: 24, what: "take the shift over", may: 2, keys: ["H", "Enter"], seen: /taken/ },
	{ task: 25, what: "write the name that a feed left out", may: 3, given: async () => {
		const file = join(desk.folder, "channel.csv");
		writeFileSync(file, `id,room,name,arrival,departure\n1,${room(25)},,${iso(DAY).slice(0, 10)},${iso(3 * DAY).slice(0, 10)}\n`);
		await desk.cli("import", file, "--feed", "channel", "--yes");
		await screen.keys("F6");
		await onScreen(/Enter writes who comes|not said/);
	}, keys: ["F6", "Enter", typed("Petrov"), "Enter"], seen: /Petrov/ },
];

before(async () => {
	house = await House.open({ locks, clock: null });
	desk = Desk.at({ url: house.url, key: house.key, stop: () => house.close() });
	// A printer that keeps what it is given.
	const bin = join(desk.folder, "bin");
	mkdirSync(bin);
	writeFileSync(join(bin, "lp"), `#!/bin/sh\ncat >"${join(desk.folder, "printed.tmp")}" && mv "${join(desk.folder, "printed.tmp")}" "${join(desk.folder, "printed")}"\n`);
	chmodSync(join(bin, "lp"), 0o755);
	desk.env.PATH = `${bin}:${process.env.PATH}`;
	// The desk's names for hours and doors.
	const conf = join(desk.folder, "config", "keyrack");
	mkdirSync(conf, { recursive: true });
	writeFileSync(join(conf, "keyrack.conf"), `[pattern mornings]\nhours = mon-fri 8-14\nletter = p\n[doors dorm]\nlocks = ${room(17)}\nletter = d\n`);
	screen = await desk.screen({ cols: 110, rows: 40 });
	await screen.see("101 Room", 30_000);
});

after(async () => {
	await desk?.close();
});

// Every task begins at the rack with nothing chosen and nothing searched for.
async function backToRack() {
	await screen.keys("F3", "Escape", "Escape", "Escape", "F3");
	await screen.see(/ LOCK +STATE/);
}

for (const row of rows)
	test(`${row.task}: ${row.what}, in at most ${row.may} keys`, { skip: row.skip }, async () => {
		await backToRack();
		const was = await row.given?.(row.task);
		if (was?.code) given.add(was.code);
		if (row.ready) await becomes("ready", () => row.ready(was));
		if (was?.access_code_id) {
			await becomes("set or waiting for its hour", async () => ["set", "unset"].includes((await house.code(was.access_code_id)).status));
			await screen.type(`${100 + row.task}`);
			await screen.keys("Enter");
			await onScreen(guest(row.task)); // the cache has it
			await backToRack();
		}
		try {
			const cost = await play(row.keys);
			if (row.seen) await onScreen(typeof row.seen === "function" ? await row.seen(was) : row.seen);
			if (row.effect) await becomes(row.what, () => row.effect(was));
			assert.ok(cost <= row.may, `${cost} keys, of ${row.may}`);
		} catch (error) {
			error.message += `\n--- screen ---\n${await screen.text()}`;
			throw error;
		}
	});

// Every file that the desk has written, its own and sync's, after such a day. Not what somebody has asked for
// (the slip of task 4), and nothing within longer numbers or ids, where digits stand alike by chance.
function filesIn(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
	});
}

test("no PIN of the day lies readable in a file of the desk", async () => {
	const { events } = await house.ask("/events/list", { since: iso(-DAY), limit: 10_000 });
	const codes = (await Promise.all(Object.keys(locks).map(codesAt))).flat();
	const pins = new Set([...given, ...codes.map(({ code }) => code), ...events.map(({ code }) => code), "918273", "739184"].filter(Boolean));
	assert.ok(pins.size > 20, `only ${pins.size} PINs are known`);
	const files = filesIn(desk.folder).filter((path) => !path.endsWith("/printed"));
	assert.ok(files.some((path) => path.endsWith("cache.db")) && files.some((path) => path.endsWith("vault.key")), files.join("\n"));
	for (const path of files) {
		const bytes = readFileSync(path);
		const plain = bytes.toString("latin1").replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
		const wide = [0, 1].map((from) => bytes.subarray(from).toString("utf16le"));
		for (const pin of pins)
			assert.ok(![plain, ...wide].some((text) => new RegExp(`(?<![0-9])${pin}(?![0-9])`).test(text)), `a PIN lies in ${path}`);
	}
});
