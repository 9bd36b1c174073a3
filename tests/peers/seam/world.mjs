// world - everything the server holds, on top of the vendor's in-memory database.
//
// The database keeps plain arrays and copies them on each write. Here are the indexes that make
// lists of many codes fast, the ways to change things, and the events each change brings.

import { randomUUID } from "node:crypto";

import { brandOf } from "./brands.mjs";

export const WORKSPACE = "seed_workspace_1";
export const API_KEY = "seam_apikey1_token";

export const HOUR = 3600_000;
export const DAY = 24 * HOUR;
const PRELOAD = 72 * HOUR;
const JUST_IN_TIME = HOUR;

const iso = (ms) => new Date(ms).toISOString();

// The moments at which something happens by itself, earliest first: a binary heap.
class Agenda {
	heap = [];

	get next() {
		return this.heap[0]?.at ?? Infinity;
	}

	add(at, id) {
		const heap = this.heap;
		let i = heap.push({ at, id }) - 1;
		while (i > 0) {
			const up = (i - 1) >> 1;
			if (heap[up].at <= heap[i].at) break;
			[heap[up], heap[i]] = [heap[i], heap[up]];
			i = up;
		}
	}

	take() {
		const heap = this.heap;
		const top = heap[0];
		const last = heap.pop();
		if (heap.length === 0) return top;
		heap[0] = last;
		for (let i = 0; ; ) {
			let least = i;
			for (const down of [2 * i + 1, 2 * i + 2])
				if (down < heap.length && heap[down].at < heap[least].at) least = down;
			if (least === i) return top;
			[heap[least], heap[i]] = [heap[i], heap[least]];
			i = least;
		}
	}
}

export class World {
	agenda = new Agenda();
	texts = new WeakMap();
	timer = null;
	dirty = false;
	onChange = () => {};

	constructor(fake, options) {
		this.db = fake.database;
		this.settle_ms = options.settle_ms;
		this.action_ms = options.action_ms;
	}

	// ---- reading ----

	// Rebuilt when the database has a new array; a build is linear in the number of codes.
	index() {
		const codes = this.db.getState().access_codes;
		if (this.indexed !== codes) {
			this.byId = new Map();
			this.byDevice = new Map();
			for (const code of codes) {
				this.byId.set(code.access_code_id, code);
				const list = this.byDevice.get(code.device_id);
				if (list) list.push(code);
				else this.byDevice.set(code.device_id, [code]);
			}
			this.indexed = codes;
		}
		return this;
	}

	code(access_code_id) {
		return this.index().byId.get(access_code_id);
	}

	codesOf(device_id) {
		return this.index().byDevice.get(device_id) ?? [];
	}

	device(device_id) {
		const devices = this.db.getState().devices;
		if (this.devicesIndexed !== devices) {
			this.deviceById = new Map(devices.map((device) => [device.device_id, device]));
			this.devicesIndexed = devices;
		}
		return this.deviceById.get(device_id);
	}

	get devices() {
		return this.db.getState().devices;
	}

	get events() {
		return this.db.getState().events;
	}

	// The code as the API shows it: errors of its device are repeated on it.
	shown(code) {
		const device = this.device(code.device_id);
		const errors = device?.errors.length ? [...code.errors, ...device.errors] : code.errors;
		const { assigns, prefers_just_in_time, pulled, ...rest } = code;
		return { ...rest, errors, display_status: code.status };
	}

	// The same as JSON. Kept, so that reading a large house again and again costs next to nothing.
	text(code) {
		const errors = this.device(code.device_id)?.errors;
		const kept = this.texts.get(code);
		if (kept?.errors === errors) return kept.text;
		const text = JSON.stringify(this.shown(code));
		this.texts.set(code, { errors, text });
		return text;
	}

	// ---- writing ----

	changed() {
		this.dirty = true;
		this.onChange();
	}

	putCodes(codes) {
		const state = this.db.getState();
		this.db.setState({ access_codes: [...state.access_codes, ...codes] });
		for (const code of codes) this.plan(code);
		this.changed();
	}

	// Changes by id; null removes. One copy of the array for all of them.
	editCodes(changes) {
		const edited = [];
		const access_codes = [];
		for (const code of this.db.getState().access_codes) {
			if (!changes.has(code.access_code_id)) {
				access_codes.push(code);
				continue;
			}
			const change = changes.get(code.access_code_id);
			if (change === null) continue;
			const next = { ...code, ...change };
			access_codes.push(next);
			edited.push(next);
		}
		this.db.setState({ access_codes });
		this.changed();
		return edited;
	}

	editCode(access_code_id, change) {
		return this.editCodes(new Map([[access_code_id, change]]))[0];
	}

	editDevice(device_id, change) {
		const devices = this.devices.map((device) => (device.device_id === device_id
			? { ...device, ...change, properties: { ...device.properties, ...change.properties } } : device));
		this.db.setState({ devices });
		this.changed();
	}

	event(event_type, fields, at = Date.now()) {
		const device = this.device(fields.device_id);
		const event = {
			event_id: randomUUID(), event_type, workspace_id: WORKSPACE, created_at: iso(at), occurred_at: iso(at),
			event_description: event_type.replace(/[._]/g, " "),
			...(device ? { connected_account_id: device.connected_account_id } : {}), ...fields,
		};
		this.db.setState({ events: [...this.events, event] });
		this.changed();
		return event;
	}

	codeEvent(event_type, code, fields = {}) {
		return this.event(event_type, { device_id: code.device_id, access_code_id: code.access_code_id, ...fields });
	}

	setOnline(device, online) {
		const error = { error_code: "device_disconnected", is_device_error: true, created_at: iso(Date.now()),
			message: "The device cannot be reached; check its power and its bridge" };
		const rest = device.errors.filter((e) => e.error_code !== "device_disconnected");
		this.editDevice(device.device_id, { errors: online ? rest : [...rest, error], properties: { online } });
		this.event(online ? "device.connected" : "device.disconnected",
			{ device_id: device.device_id, ...(online ? {} : { error_code: "device_disconnected" }) });
		if (online) for (const code of this.codesOf(device.device_id)) this.plan(code);
	}

	setLocked(device, locked, fields) {
		this.editDevice(device.device_id, { properties: { locked } });
		return this.event(locked ? "lock.locked" : "lock.unlocked", { device_id: device.device_id, ...fields });
	}

	// ---- what happens by itself ----

	leadOf(code) {
		const brand = brandOf(this.device(code.device_id)?.device_type);
		return brand.native && !code.prefers_just_in_time ? PRELOAD : JUST_IN_TIME;
	}

	// Puts the next moment at which this code changes on the agenda.
	plan(code, now = Date.now()) {
		const settled = now + this.settle_ms;
		if (!code.is_managed) return;
		const starts = code.starts_at ? Date.parse(code.starts_at) : -Infinity;
		let at = null;
		if (code.status === "removing") at = settled;
		else if (code.pending_mutations.some((m) => m.mutation_code !== "deferring_creation")) at = settled;
		else if (code.status === "unset" && !code.is_scheduled_on_device) at = Math.max(starts - this.leadOf(code), settled);
		else if (code.status === "unset") at = Math.max(starts, settled);
		else if (code.status === "setting") at = settled;
		else if (code.ends_at) at = Date.parse(code.ends_at);
		if (at !== null) this.agenda.add(at, code.access_code_id);
		this.arm();
	}

	arm() {
		clearTimeout(this.timer);
		if (this.agenda.next === Infinity) return;
		const wait = Math.max(0, Math.min(this.agenda.next - Date.now(), HOUR));
		this.timer = setTimeout(() => this.turn(), wait);
		this.timer.unref();
	}

	turn() {
		const now = Date.now();
		const changes = new Map();
		const events = [];
		while (this.agenda.next <= now) {
			const { id } = this.agenda.take();
			const code = this.code(id);
			if (!code || changes.has(id)) continue;
			const step = this.step(code, now);
			if (!step) continue;
			changes.set(id, step.change);
			for (const [type, fields] of step.events) events.push([type, code, fields]);
		}
		if (changes.size > 0) {
			const edited = this.editCodes(changes);
			for (const [type, code, fields] of events) this.codeEvent(type, code, fields);
			for (const code of edited) this.plan(code);
		}
		this.arm();
	}

	// What becomes of a code at this moment: its change and its events, or nothing.
	step(code, now) {
		const device = this.device(code.device_id);
		const online = device?.properties.online ?? false;
		const starts = code.starts_at ? Date.parse(code.starts_at) : -Infinity;
		const ends = code.ends_at ? Date.parse(code.ends_at) : Infinity;
		const gone = { change: null, events: [["access_code.removed_from_device", {}], ["access_code.deleted", { code: code.code }]] };

		if (code.status === "removing") return online ? gone : this.failed(code, "failed_to_remove_from_device", device);
		if (now >= ends) {
			if (code.status === "unset") return { change: null, events: [["access_code.deleted", { code: code.code }]] };
			return online || code.is_scheduled_on_device || code.is_offline_access_code
				? gone : this.failed(code, "failed_to_remove_from_device", device);
		}
		if (code.is_offline_access_code)
			return now >= starts && code.status !== "set" ? { change: { status: "set", pending_mutations: [] }, events: [] } : null;
		if (!online) return this.failed(code, "failed_to_set_on_device", device);

		const quiet = { pending_mutations: [], errors: [], is_waiting_for_code_assignment: false };
		if (code.assigns) quiet.code = code.assigns;
		if (now < starts - this.leadOf(code))
			return code.pending_mutations.some((m) => m.mutation_code !== "deferring_creation")
				? { change: { ...quiet, status: "unset", pending_mutations: [deferral(starts - this.leadOf(code))] },
					events: this.mutated(code) } : null;
		if (now < starts && this.leadOf(code) === PRELOAD)
			return code.is_scheduled_on_device && !code.pending_mutations.length ? null
				: { change: { ...quiet, status: "unset", is_scheduled_on_device: true },
					events: [...this.mutated(code), ["access_code.scheduled_on_device", { code: quiet.code ?? code.code }]] };
		if (code.status === "set" && !code.pending_mutations.length) return null;
		return { change: { ...quiet, status: "set", is_scheduled_on_device: code.type === "time_bound" ? this.leadOf(code) === PRELOAD : null },
			events: [...this.mutated(code), ["access_code.set_on_device", { code: quiet.code ?? code.code }]] };
	}

	mutated(code) {
		const names = { updating_code: "code_changed", updating_name: "name_changed", updating_time_frame: "time_frame_changed" };
		return code.pending_mutations.filter((m) => names[m.mutation_code])
			.map(({ mutation_code, from, to }) => [`access_code.${names[mutation_code]}`, { from, to }]);
	}

	// Nothing reaches an offline lock; setOnline plans its codes again.
	failed(code, error_code, device) {
		if (code.errors.some((e) => e.error_code === error_code)) return null;
		const error = { error_code, is_access_code_error: true, created_at: iso(Date.now()),
			message: error_code === "failed_to_set_on_device" ? "The code could not be set on the device; it is tried again"
				: "The code could not be removed from the device; it is tried again" };
		return { change: { errors: [...code.errors, error] },
			events: [[`access_code.${error_code}`, { access_code_errors: [error], access_code_warnings: [],
				device_errors: device?.errors ?? [], device_warnings: [] }]] };
	}
}

export const deferral = (at) => ({ mutation_code: "deferring_creation", created_at: iso(Date.now()), scheduled_at: iso(at),
	message: "The code is programmed onto the device shortly before it starts" });

// A code as the API has them today, with every field.
export function newCode(fields) {
	const timed = fields.starts_at != null;
	return {
		access_code_id: randomUUID(), workspace_id: WORKSPACE, is_managed: true, type: timed ? "time_bound" : "ongoing",
		status: "unset", name: null, code: null, ...(timed ? {} : { starts_at: null, ends_at: null }),
		created_at: iso(Date.now()), common_code_key: null, is_scheduled_on_device: timed ? false : null,
		is_waiting_for_code_assignment: false, is_external_modification_allowed: false, is_offline_access_code: false,
		is_one_time_use: false, is_backup: false, is_backup_access_code_available: false,
		pulled_backup_access_code_id: null, errors: [], warnings: [], pending_mutations: [], ...fields,
	};
}
