// demo - 'keyrack demo' in a terminal: the tour from its first step to its last, the operator's own keys, theme
// and columns, two demos at once, and nothing that stays behind.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { Desk, until } from "../e2e/lib.mjs";

const COMES_MS = 60_000;
let desk;

// Nobody's server: the demo brings its own.
before(() => {
	desk = Desk.at({ url: "unix:/nonexistent", key: "seam_demo", stop: async () => {} });
	mkdirSync(join(desk.folder, "tmp"));
	desk.env.TMPDIR = join(desk.folder, "tmp");
});

afterEach(async () => {
	for (const screen of [...desk.screens]) await screen.close();
});

after(async () => {
	await desk?.close();
});

// Not by readdir's own 'recursive': Node.js 18 takes a socket for a folder.
const all = (folder) => readdirSync(folder, { withFileTypes: true })
	.flatMap((one) => [one.name, ...(one.isDirectory() ? all(join(folder, one.name)) : [])]);

function below(folder) {
	try {
		return existsSync(folder) ? all(folder) : [];
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
		return ["something that goes while it is looked at"];
	}
}

async function open(args, size = { cols: 80, rows: 24 }) {
	const screen = await desk.screen({ ...size, args: ["demo", ...args] });
	await screen.see("101 Garden", COMES_MS);
	await screen.see("live", COMES_MS);
	return screen;
}

async function quit(screen) {
	await screen.keys("C-c");
	assert.equal(await screen.status(), 0);
	await screen.close();
}

// Keys as tmux names them, text that is typed, and what has to be seen before the next key.
const typed = (text) => ({ text });
const seen = (pattern) => ({ pattern });

async function press(screen, keys) {
	for (const key of keys)
		if (typeof key === "string") await screen.keys(key);
		else if (key.text) await screen.type(key.text);
		else await screen.see(key.pattern, COMES_MS);
}

// What each step asks for, with the real keys; what is seen on the way.
const STEPS = [
	{ title: "find a guest", keys: async (screen) => {
		const name = /type (\w+)\s+and/.exec(await screen.see(/type \w+\s+and\s+press/))[1];
		return ["/", typed(name), "Enter"];
	} },
	{ title: "a lock's codes", keys: ["Escape", seen("101 Garden"), "Left", "Right"] },
	{ title: "why it is so", keys: ["Tab", "w"] },
	{ title: "tonight", keys: ["F2"] },
	{ title: "who is at risk", keys: ["n"] },
	{ title: "somebody at the desk", keys: ["i"] },
	{ title: "late check-out", keys: ["F3", seen(" LOCK "), "]", "]", seen("1 h later"), "Enter"], then: /(Done|Queued): change/ },
	{ title: "a new code", keys: ["n", seen("New code"), typed("Tour Guest"), "Enter", typed("4h"), "Enter"],
		then: /Tour Guest +set/ },
	{ title: "revoke it", keys: ["x", seen("Revoke Tour Guest"), "y"], then: "Z undoes" },
	{ title: "and undo", keys: ["Z"] },
	{ title: "open a door", keys: ["u", seen("Unlock"), "y"] },
	{ title: "who could open it", keys: ["O"] },
	{ title: "everything by name", keys: ["F3", seen(" LOCK "), ":", typed("zoom week"), "Enter"] },
	{ title: "help", keys: ["?"] },
];

test("the tour is played through at 80x24", async () => {
	const screen = await open(["--tour"]);
	try {
		for (const [i, step] of STEPS.entries()) {
			await screen.see(`Tour ${i + 1} of ${STEPS.length}: ${step.title}`, COMES_MS);
			await press(screen, typeof step.keys === "function" ? await step.keys(screen) : step.keys);
			if (step.then) await screen.see(step.then, COMES_MS);
		}
		await screen.see("Tour: that was it");
		await screen.keys("C-t");
		await screen.see("The tour has ended");
	} catch (error) {
		error.message += `\n--- screen ---\n${await screen.text()}`;
		throw error;
	}
	await quit(screen);
});

test("the operator's keys, theme and columns hold in the demo, and are not written to", async () => {
	const config = join(desk.env.XDG_CONFIG_HOME, "keyrack");
	const state = mkdtempSync(join(tmpdir(), "keyrack-state-"));
	mkdirSync(join(config, "themes"), { recursive: true });
	writeFileSync(join(config, "keyrack.conf"), "[keyrack]\nprofile = own\n[profile own]\nendpoint = http://127.0.0.1:9\n"
		+ "[screen]\ntheme = mine\n[rack]\ncolumns = battery, state\n");
	writeFileSync(join(config, "keys.conf"), "[any]\nmessages = F12\n");
	writeFileSync(join(config, "themes", "mine.theme"), "[theme]\nname = mine\ninherits = dark\n");
	desk.env.XDG_STATE_HOME = state;
	const before = below(config).sort();
	const screen = await open([], { cols: 110, rows: 30 });
	await screen.see(/LOCK +BAT +STATE/);
	await screen.keys("F12");
	await screen.see("Rack › Messages");
	await press(screen, ["Escape", seen(/ LOCK /), ":", typed("theme mi"), "Tab", "Enter"]);
	await screen.see("Theme: mine");
	await press(screen, [":", typed("zoom week"), "Enter"]);
	await quit(screen);
	assert.deepEqual(below(config).sort(), before);
	assert.deepEqual(below(state), []);
	writeFileSync(join(config, "keyrack.conf"), "[screen]\nmouse = perhaps\n"); // is doctor's to tell
	await quit(await open([]));
	rmSync(config, { recursive: true });
	rmSync(state, { recursive: true });
});

test("two demos at once know nothing of each other, and leave nothing behind", async () => {
	const [one, other] = await Promise.all([open([]), open([])]);
	await press(one, ["n", seen("New code"), typed("Only Here"), "Enter", typed("1h"), "Enter", seen(/code created +Only Here/)]);
	assert.ok(!(await other.text()).includes("Only Here"));
	await quit(one);
	await other.keys("F2");
	await other.see("arrivals");
	process.kill(await other.pid(), "SIGKILL"); // no way out of its own
	await other.close();
	await until("the folders are gone", async () => {
		const left = below(desk.env.TMPDIR);
		return { ok: left.length === 0, seen: left.join("\n") };
	});
	assert.deepEqual(below(desk.env.HOME), []);
});
