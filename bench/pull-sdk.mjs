// pull-sdk - the official client lists what `keyrack sync --once` pulls, into memory.
//
// usage: node pull-sdk.mjs ENDPOINT PAGE AT_ONCE; the key is in SEAM_API_KEY, as its users have it.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.KEYRACK_PEERS, "pull-sdk.mjs"));
const { SeamHttp } = await import(pathToFileURL(require.resolve("@seamapi/http")));
const [endpoint, page, atOnce] = process.argv.slice(2);
const seam = SeamHttp.fromApiKey(process.env.SEAM_API_KEY, { endpoint });
const limit = Number(page);

const all = async (request) => seam.createPaginator(request).flattenToArray();
const devices = await all(seam.devices.list({ limit }));
const codes = [];
const left = [...devices];
async function worker() {
	for (let device; (device = left.pop()); ) {
		const { device_id } = device;
		codes.push(...(await all(seam.accessCodes.list({ device_id, limit }))));
		codes.push(...(await all(seam.accessCodes.unmanaged.list({ device_id, limit }))));
	}
}
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
const events = await seam.events.list({ since: new Date(Date.now() - 30 * 86400_000).toISOString(), limit: 500 });
process.stdout.write(`${devices.length + codes.length + events.length}\n`);
