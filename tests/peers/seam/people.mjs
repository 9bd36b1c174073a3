// people - those who open doors while the server runs.
//
// At about so many a minute somebody types a PIN; most doors lock themselves again a little later.
// Now and then a stranger is refused, and now and then a lock loses its connection for a while.

import { brandOf } from "./brands.mjs";

export class People {
	constructor(world, chance, perMinute) {
		Object.assign(this, { world, chance, perMinute });
	}

	start() {
		const wait = (60_000 / this.perMinute) * (0.4 + 1.2 * this.chance.roll());
		this.timer = setTimeout(() => {
			this.somethingHappens();
			this.start();
		}, wait);
	}

	stop() {
		clearTimeout(this.timer);
	}

	later(ms, act) {
		setTimeout(act, ms).unref();
	}

	somethingHappens() {
		const doors = this.world.devices.filter((device) => device.properties.online && device.is_managed);
		if (doors.length === 0) return;
		const device = this.chance.pick(doors);
		const roll = this.chance.roll();
		if (roll < 0.04) this.loseConnection(device);
		else if (roll < 0.12) this.refuse(device);
		else this.enter(device);
	}

	enter(device) {
		const now = new Date().toISOString();
		const valid = this.world.codesOf(device.device_id)
			.filter((code) => code.status === "set" && !(code.ends_at < now) && !(code.starts_at > now));
		if (valid.length === 0) return;
		const code = this.chance.pick(valid);
		const named = brandOf(device.device_type).names_code
			? { access_code_id: code.access_code_id, access_code_is_managed: code.is_managed } : {};
		this.world.setLocked(device, false, { method: "keycode", ...named });
		if (this.chance.hits(0.8) && device.can_remotely_lock)
			this.later(8000 + this.chance.below(20000), () => {
				const still = this.world.device(device.device_id);
				if (still?.properties.online && still.properties.locked === false) this.world.setLocked(still, true, { method: "automatic" });
			});
	}

	refuse(device) {
		this.world.event("lock.access_denied", { device_id: device.device_id,
			reason: this.chance.pick([{ reason_code: "unknown_code", message: "The code is not known to the lock" },
				{ reason_code: "expired_code", message: "The code has ended" }]) });
	}

	loseConnection(device) {
		this.world.setOnline(device, false);
		this.later(20000 + this.chance.below(60000), () => {
			const still = this.world.device(device.device_id);
			if (still && !still.properties.online) this.world.setOnline(still, true);
		});
	}
}
