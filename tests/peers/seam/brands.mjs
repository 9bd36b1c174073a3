// brands - the fourteen lock systems as their devices describe themselves.
//
// One row each: what a lock of the brand says in its device object. `names_code` is not sent; it
// says whether the brand's unlock events carry access_code_id. `native` likewise: whether the lock
// keeps a schedule itself.

const c = (constraint_type, more = {}) => ({ constraint_type, ...more });
const DIGITS_4_8 = [4, 5, 6, 7, 8];

const row = (device_type, provider, brand, model, more = {}) => ({
	device_type, provider, brand, model, lengths: DIGITS_4_8, constraints: [], native: true, names_code: true,
	online_codes: true, offline_codes: false, backup_pool: true, can_lock: true, max_codes: 100, ...more,
});

export const BRANDS = [
	row("august_lock", "august", "August", "Wi-Fi Smart Lock"),
	row("schlage_lock", "schlage", "Schlage", "Encode Plus",
		{ constraints: [c("unique_first_four_digits"), c("name_length", { max_length: 9 })] }),
	row("yale_lock", "yale", "Yale", "Assure Lock 2", { lengths: [6] }),
	row("nuki_lock", "nuki", "Nuki", "Smart Lock 4.0 Pro", { lengths: [6], names_code: false,
		constraints: [c("no_zeros"), c("cannot_start_with_12"), c("name_length", { max_length: 20 })] }),
	row("salto_lock", "salto_ks", "Salto KS", "Neo cylinder", { lengths: [6], backup_pool: false, can_lock: false,
		constraints: [c("cannot_specify_pin_code")] }),
	row("ttlock_lock", "ttlock", "TTLock", "Cylinder with keypad", { lengths: [4, 5, 6, 7, 8, 9],
		constraints: [c("cannot_contain_089")] }),
	row("tedee_lock", "tedee", "Tedee", "PRO with keypad", { lengths: [5, 6, 7, 8],
		constraints: [c("at_least_three_unique_digits"), c("no_ascending_or_descending_sequence")] }),
	row("two_n_intercom", "my_2n", "2N", "IP Verso", { names_code: false, can_lock: false }),
	row("kwikset_lock", "kwikset", "Kwikset", "Halo Touch",
		{ constraints: [c("start_date_in_future"), c("name_length", { min_length: 2, max_length: 14 })] }),
	row("igloohome_lock", "igloohome", "igloohome", "Deadbolt 2S", { lengths: [4, 5, 6], names_code: false, offline_codes: true }),
	row("lockly_lock", "lockly", "Lockly", "Secure Plus", { lengths: [6, 7, 8], native: false, names_code: false, offline_codes: true }),
	row("wyze_lock", "wyze", "Wyze", "Lock with keypad", { names_code: false, constraints: [c("name_must_be_unique")] }),
	row("smartthings_lock", "smartthings", "SmartThings", "Zigbee deadbolt", { native: false, names_code: false }),
	row("dormakaba_oracode_door", "dormakaba_oracode", "dormakaba Oracode", "660i", { lengths: [6], native: false,
		names_code: false, online_codes: false, offline_codes: true, backup_pool: false, can_lock: false,
		constraints: [c("cannot_specify_pin_code")] }),
];

const BY_TYPE = new Map(BRANDS.map((brand) => [brand.device_type, brand]));
export const brandOf = (device_type) => BY_TYPE.get(device_type) ?? BRANDS[0];

const forbids = (device, type) => device.properties.code_constraints?.some((k) => k.constraint_type === type) ?? false;
export const choosesPin = (device) => forbids(device, "cannot_specify_pin_code");

function isSequence(code) {
	const step = code.charCodeAt(1) - code.charCodeAt(0);
	if (Math.abs(step) !== 1) return false;
	for (let i = 1; i < code.length; i++) if (code.charCodeAt(i) - code.charCodeAt(i - 1) !== step) return false;
	return true;
}

const RULES = {
	no_zeros: [(code) => code.includes("0"), "must not contain the digit 0"],
	cannot_start_with_12: [(code) => code.startsWith("12"), "must not start with 12"],
	cannot_contain_089: [(code) => /[089]/.test(code), "must not contain the digits 0, 8 or 9"],
	cannot_contain_0789: [(code) => /[0789]/.test(code), "must not contain the digits 0, 7, 8 or 9"],
	unique_first_four_digits: [(code) => new Set(code.slice(0, 4)).size < 4, "needs four different digits at its start"],
	at_least_three_unique_digits: [(code) => new Set(code).size < 3, "needs at least three different digits"],
	no_ascending_or_descending_sequence: [isSequence, "must not be a sequence"],
};

// Why this lock does not take this PIN, or null.
export function pinRefusal(device, code) {
	const lengths = device.properties.supported_code_lengths;
	if (lengths?.length && !lengths.includes(code.length)) return `must have ${lengths.join(", ")} digits`;
	for (const { constraint_type } of device.properties.code_constraints ?? []) {
		const rule = RULES[constraint_type];
		if (rule?.[0](code)) return rule[1];
	}
	return null;
}

// A PIN that the lock takes and that nobody on it has.
export function newPin(device, taken, chance, preferred) {
	const lengths = device.properties.supported_code_lengths?.length ? device.properties.supported_code_lengths : [4];
	const length = lengths.includes(preferred) ? preferred : lengths[0];
	for (let tries = 0, wide = length; tries < 100000; tries++) {
		if (tries === 1000) wide = lengths.at(-1); // the short ones are nearly used up
		let code = "";
		while (code.length < wide) code += chance.below(10);
		if (!taken.has(code) && pinRefusal(device, code) === null) return code;
	}
	throw new Error("no PIN is free on this lock");
}
