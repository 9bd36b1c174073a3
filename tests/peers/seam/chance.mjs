// chance - dice that fall the same way for the same seed.
//
// What is made before the server listens comes from here, so two servers with the same seed and
// the same --now hold the same objects. What is made later has random ids.

export class Chance {
	constructor(seed) {
		this.state = (Number(seed) ^ 0x9e3779b9) >>> 0;
	}

	// A number in [0, 1), by the mulberry32 recurrence.
	roll() {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let t = this.state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}

	below(n) {
		return Math.floor(this.roll() * n);
	}

	between(low, high) {
		return low + this.below(high - low + 1);
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	hits(probability) {
		return this.roll() < probability;
	}

	hex(digits) {
		let out = "";
		while (out.length < digits) out += this.below(65536).toString(16).padStart(4, "0");
		return out.slice(0, digits);
	}

	uuid() {
		const h = this.hex(32);
		const variant = "89ab"[this.below(4)];
		return [h.slice(0, 8), h.slice(8, 12), "4" + h.slice(13, 16), variant + h.slice(17, 20), h.slice(20)].join("-");
	}
}
