// tls - certificates that prove nothing: no request is sent, and it is said which, and what to do.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { openHouse, Stand, together } from "./lib.mjs";

const folder = mkdtempSync(join(tmpdir(), "keyrack-tls-"));
const file = (name) => join(folder, name);
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });

function key(name) {
	openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file(`${name}.key`));
}

function alone(name, host) {
	key(name);
	openssl("req", "-x509", "-new", "-key", file(`${name}.key`), "-out", file(`${name}.pem`), "-days", "30", "-subj", `/CN=${name}`,
		"-addext", `subjectAltName=${host}`);
}

function signed(name, host, from, until) {
	key(name);
	openssl("req", "-new", "-key", file(`${name}.key`), "-subj", `/CN=${name}`, "-addext", `subjectAltName=${host}`, "-out", file(`${name}.csr`));
	openssl("ca", "-batch", "-notext", "-config", file("ca.conf"), "-cert", file("ca.pem"), "-keyfile", file("ca.key"), "-in", file(`${name}.csr`),
		"-out", file(`${name}.pem`), "-startdate", from, "-enddate", until);
}

const LONG_AGO = "20200101000000Z", FAR = "20991231000000Z";
const here = "IP:127.0.0.1";
const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };

const ROWS = [
	{ what: "expired", cert: ["expired", here, LONG_AGO, "20210101000000Z"], says: /expired/, remedy: /renew|clock/i },
	{ what: "not yet valid", cert: ["early", here, "20980101000000Z", FAR], says: /not yet valid/, remedy: /clock/i },
	{ what: "for another name", cert: ["other", "DNS:other.example", LONG_AGO, FAR], says: /127\.0\.0\.1/, remedy: /right server/ },
	{ what: "signed by itself", alone: ["self", here], says: /self[- ]signed|unable to get/, remedy: /ca-file/ },
	{ what: "no newer than TLS 1.1", cert: ["old", here, LONG_AGO, FAR], tls: old, says: /no secure connection/, remedy: /TLS 1\.2/ },
	{ what: "https asked of an http server", cert: null, scheme: "https", says: /no secure connection/, remedy: /http/ },
	{ what: "http asked of an https server", cert: ["good", here, LONG_AGO, FAR], scheme: "http", says: /broke before|no HTTP/, remedy: /https/ },
	{ what: "right", cert: ["right", here, LONG_AGO, FAR], says: null },
];

test("certificates", { timeout: 300_000 }, async () => {
	const house = await openHouse();
	try {
		writeFileSync(file("ca.conf"), ["[ca]", "default_ca = own", "[own]", `database = ${file("index")}`, `new_certs_dir = ${folder}`, "rand_serial = yes",
			"default_md = sha256", "policy = any", "copy_extensions = copy", "[any]", "commonName = supplied", ""].join("\n"));
		writeFileSync(file("index"), "");
		alone("ca", "DNS:keyrack-tests");
		for (const row of ROWS) row.cert ? signed(...row.cert) : row.alone && alone(...row.alone);
		await together(4, ROWS, async (row) => {
			const name = (row.cert ?? row.alone)?.[0];
			const tls = name && { key: readFileSync(file(`${name}.key`)), cert: readFileSync(file(`${name}.pem`)), ...row.tls };
			const stand = await Stand.open(house, { tls, scheme: row.scheme, config: [`ca-file = ${file("ca.pem")}`] });
			try {
				const run = await stand.desk.cli("sync", "--once");
				assert.equal(run.status === 0, row.says === null, run.err);
				if (!row.says) return;
				assert.match(run.err, row.says);
				if (name) assert.equal(stand.before.paths.length, 0, "a request was sent");
				const found = (await stand.desk.cli("doctor", "--json")).out.split("\n").filter(Boolean).map(JSON.parse).find((one) => one.check === "server");
				assert.equal(found.level, "bad");
				assert.match(found.text, row.says);
				assert.match(found.remedy, row.remedy);
			} finally {
				await stand.close();
			}
		});
		console.log(`# ${ROWS.length} certificates`);
	} finally {
		rmSync(folder, { recursive: true, force: true });
		await house.close();
	}
});
