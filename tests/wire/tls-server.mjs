// tls-server - an https server (HTTP/2 and 1.1) for tests/wire/test-tls, on a free port of 127.0.0.1.
//
//   node tls-server.mjs KEY CERT
//
// Prints its port. Answers every request with the HTTP version it came by, and ends when its
// standard input does, so that nothing is left behind by a test that was killed.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

const [key, cert] = process.argv.slice(2).map((path) => readFileSync(path));
const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
	request.resume();
	request.on('end', () => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ http: request.httpVersion }));
	});
});

server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
