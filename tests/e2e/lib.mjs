// lib - a desk in a test: a server, a terminal with the console in it, and the command line.
//
// Nothing waits for a length of time. until() looks again and again, for so long as the deadline
// allows, and says what it saw last when that was not enough.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const KEYRACK = process.env.KEYRACK;
const DEADLINE_MS = 20_000;
const LOOK_MS = 25;
const run = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, look, deadline_ms = DEADLINE_MS) {
	const deadline = Date.now() + deadline_ms;
	for (let last; ; await pause(LOOK_MS)) {
		last = await look();
		if (last.ok) return last.value;
		if (Date.now() > deadline) assert.fail(`not within ${deadline_ms} ms: ${what}\n${last.seen ?? ""}`);
	}
}

function ended(child) {
	return child.exitCode !== null || child.signalCode !== null ? Promise.resolve()
		: new Promise((resolve) => child.once("exit", resolve));
}

// Ends a process of ours and waits for its end.
export async function end(child, signal = "SIGTERM") {
	const gone = ended(child);
	child.kill(signal);
	await gone;
}

const processes = () => (existsSync("/proc/self") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : []);

export class Server {
	static async start(options) {
		const server = new Server();
		server.options = options;
		await server.launch();
		return server;
	}

	async launch() {
		this.child = spawn(join(HERE, "../peers/fake-seam"), this.options, { stdio: ["ignore", "pipe", "inherit"] });
		for await (const line of createInterface({ input: this.child.stdout })) {
			[, this.url, this.key] = /^listening on (http:\S+) api_key=(\S+)$/.exec(line);
			return;
		}
		throw new Error("the fake server did not start");
	}

	async stop(signal = "SIGTERM") {
		await end(this.child, signal);
	}

	// Comes back on the same port, with the same state when --state was given.
	async restart() {
		const at = this.options.indexOf("--port");
		const rest = this.options.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
		this.options = [...rest, "--port", new URL(this.url).port];
		await this.launch();
	}

	async ask(path, params = {}) {
		const answer = await fetch(new URL(path, this.url), { method: "POST", body: JSON.stringify(params),
			headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json", connection: "close" } });
		return answer.json();
	}

	async device(name) {
		return (await this.ask("/_ctl/devices")).devices.find((device) => device.display_name === name);
	}

	async codesNamed(name) {
		return (await this.ask("/_ctl/codes")).access_codes.filter((code) => code.name === name);
	}

	// Waits until exactly one code has this name and it satisfies `is`.
	codeNamed(name, is = () => true) {
		return until(`one code named ${name} on the server`, async () => {
			const codes = await this.codesNamed(name);
			return { ok: codes.length === 1 && is(codes[0]), value: codes[0], seen: JSON.stringify(codes, null, 1) };
		});
	}

	async gone(name) {
		await until(`no code named ${name} on the server`, async () => {
			const codes = await this.codesNamed(name);
			return { ok: codes.length === 0, seen: JSON.stringify(codes, null, 1) };
		});
	}
}

// A terminal of a fixed size with the console in it: a tmux server of its own.
export class Screen {
	static number = 0;

	static async open(desk, { cols = 120, rows = 40, args = [] } = {}) {
		const screen = new Screen();
		screen.socket = `keyrack-${process.pid}-${++Screen.number}`;
		screen.statusFile = join(desk.folder, screen.socket);
		const env = Object.entries(desk.env).map(([name, value]) => `${name}=${value}`);
		await screen.tmux("-f", "/dev/null", "new-session", "-d", "-x", String(cols), "-y", String(rows), "-s", "desk",
			"env", ...env, `STATUS_FILE=${screen.statusFile}`, "sh", "-c", '"$0" "$@"; echo $? >"$STATUS_FILE"', KEYRACK, ...args);
		desk.screens.add(screen);
		screen.desk = desk;
		await screen.tmux("set-option", "-g", "remain-on-exit", "on");
		await screen.tmux("set-option", "-g", "escape-time", "0");
		return screen;
	}

	async tmux(...args) {
		const { stdout } = await run("tmux", ["-L", this.socket, ...args]);
		return stdout;
	}

	text() {
		return this.tmux("capture-pane", "-p");
	}

	// Key names as tmux has them: Enter, Tab, BTab, Escape, Up, C-g, n.
	keys(...keys) {
		return this.tmux("send-keys", ...keys);
	}

	type(text) {
		return this.tmux("send-keys", "-l", "--", text);
	}

	async see(pattern, deadline_ms) {
		const found = (text) => (pattern instanceof RegExp ? pattern.test(text) : text.includes(pattern));
		return until(`${pattern} on the screen`, async () => {
			const text = await this.text();
			return { ok: found(text), value: text, seen: text };
		}, deadline_ms);
	}

	async seeNot(pattern, deadline_ms) {
		return until(`${pattern} gone from the screen`, async () => {
			const text = await this.text();
			return { ok: pattern instanceof RegExp ? !pattern.test(text) : !text.includes(pattern), value: text, seen: text };
		}, deadline_ms);
	}

	// The program is the only child of the shell that notes its exit status.
	async pid() {
		const shell = (await this.tmux("display-message", "-p", "#{pane_pid}")).trim();
		const parentOf = (pid) => {
			try {
				return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ")[1];
			} catch {
				return null;
			}
		};
		return until("the console runs", async () => {
			const pid = processes().find((one) => parentOf(one) === shell);
			return { ok: pid !== undefined, value: Number(pid) };
		});
	}

	// Waits for the program's own end; gives its exit status. tmux can miss it, a shell does not.
	async status() {
		return until("the console has ended", async () => {
			const line = existsSync(this.statusFile) ? readFileSync(this.statusFile, "utf8") : "";
			return { ok: line.endsWith("\n"), value: Number(line), seen: await this.text() };
		});
	}

	async close() {
		this.desk.screens.delete(this);
		await this.tmux("kill-server").catch(() => {});
	}
}

export class Desk {
	screens = new Set();
	syncs = new Set();

	static async open(...serverOptions) {
		const folder = mkdtempSync(join(tmpdir(), "keyrack-e2e-"));
		return Desk.at(await Server.start(["--state", join(folder, "state"), "--settle-ms", "100", "--action-ms", "50",
			"--seed", "3", ...serverOptions]), folder);
	}

	// At any server with a url, a key, and a stop() that ends it.
	static at(server, folder = mkdtempSync(join(tmpdir(), "keyrack-e2e-"))) {
		const desk = new Desk();
		desk.folder = folder;
		desk.cache = join(desk.folder, "cache");
		desk.server = server;
		for (const name of ["home", "config", "run"]) mkdirSync(join(desk.folder, name), { mode: 0o700 });
		desk.env = {
			HOME: join(desk.folder, "home"), XDG_CONFIG_HOME: join(desk.folder, "config"), XDG_RUNTIME_DIR: join(desk.folder, "run"),
			XDG_CACHE_HOME: join(desk.folder, "home"), XDG_STATE_HOME: join(desk.folder, "state-home"), KEYRACK_CACHE: desk.cache,
			KEYRACK_ENDPOINT: desk.server.url,
			KEYRACK_API_KEY: desk.server.key, LC_ALL: "C.UTF-8", TZ: "Europe/Berlin", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
		};
		return desk;
	}

	environment() {
		const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, NO_COLOR, ...outer } = process.env;
		return { ...outer, ...this.env };
	}

	screen(options) {
		return Screen.open(this, options);
	}

	// A command that ends by itself: { status, out, err }.
	async cli(...args) {
		const child = this.start(...args);
		let out = "";
		let err = "";
		child.stdout.on("data", (part) => (out += part));
		child.stderr.on("data", (part) => (err += part));
		await new Promise((resolve) => child.once("close", resolve));
		return { status: child.exitCode, signal: child.signalCode, out, err };
	}

	start(...args) {
		return spawn(KEYRACK, args, { env: this.environment(), stdio: ["ignore", "pipe", "pipe"] });
	}

	sync() {
		const child = spawn(KEYRACK, ["sync", "--service"], { env: this.environment(), stdio: ["ignore", "ignore", "inherit"] });
		this.syncs.add(child);
		child.once("exit", () => this.syncs.delete(child));
		return child;
	}

	async objects(...args) {
		const { status, out, err } = await this.cli(...args, "--json");
		assert.equal(status, 0, err);
		return out.split("\n").filter(Boolean).map((line) => JSON.parse(line));
	}

	// Every sync of this cache, whoever started it (Linux only: elsewhere none is found).
	syncPids() {
		const wanted = `KEYRACK_CACHE=${this.cache}`;
		const read = (pid, name) => readFileSync(`/proc/${pid}/${name}`, "utf8").split("\0");
		const ours = (pid) => {
			try {
				return read(pid, "cmdline").includes("sync") && read(pid, "environ").includes(wanted);
			} catch {
				return false;
			}
		};
		return processes().filter(ours).map(Number);
	}

	// One that was listed may have ended by itself meanwhile.
	killSyncs(signal) {
		for (const pid of this.syncPids()) {
			try {
				process.kill(pid, signal);
			} catch (error) {
				if (error.code !== "ESRCH") throw error;
			}
		}
	}

	logged() {
		try {
			return readFileSync(join(this.cache, "sync.log"), "utf8");
		} catch {
			return "";
		}
	}

	async close() {
		for (const screen of [...this.screens]) await screen.close();
		for (const child of [...this.syncs]) await end(child);
		this.killSyncs("SIGTERM");
		await until("no sync is left", async () => ({ ok: this.syncPids().length === 0, seen: this.logged() }));
		await this.server.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}
}

// Opens a desk, runs the scenario, and closes everything whatever happened.
export async function withDesk(serverOptions, scenario) {
	const desk = await Desk.open(...serverOptions);
	try {
		await scenario(desk);
	} catch (error) {
		for (const screen of desk.screens) error.message += `\n--- screen ---\n${await screen.text().catch(() => "")}`;
		error.message += `\n--- sync.log ---\n${desk.logged()}`;
		throw error;
	} finally {
		await desk.close();
	}
}
