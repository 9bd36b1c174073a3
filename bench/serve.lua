-- serve - one kind of request for wrk: what stands in the environment variables, with a number put in the
-- place of %d. At the end one line for bench/serve.mjs.
local body = os.getenv("BODY")
local path = os.getenv("REQUEST_PATH")
local method = os.getenv("METHOD") or "POST"
local number = tonumber(os.getenv("FIRST") or "0")
local refused = 0

wrk.method = method
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer " .. (os.getenv("API_KEY") or "")

function request()
	number = number + 1
	return wrk.format(method, path, nil, body and body:gsub("%%d", string.format("%06d", number)))
end

function done(summary, latency, requests)
	local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
	io.write(string.format("RESULT %f %f %f %d %d\n", summary.requests / (summary.duration / 1e6),
		latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.requests, bad))
end
