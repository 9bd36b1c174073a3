# lib - what the tests of keyrackd share: a folder, a keyrackd that is up, questions over its socket.
# Exit 77 where what they need is missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
keyrackd=${KEYRACKD:-$PWD/keyrackd}
property=$here/../../data/properties/harbour-house.ini
command -v curl >/dev/null 2>&1 || { echo "no curl"; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/keyrackd-XXXXXX")
XDG_CONFIG_HOME=$work XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run HOME=$work LC_ALL=C.UTF-8
export XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR HOME LC_ALL
unset STATE_DIRECTORY RUNTIME_DIRECTORY CONFIGURATION_DIRECTORY NOTIFY_SOCKET JOURNAL_STREAM
store=sqlite:$work/k.db
socket=$work/k.sock
engine=
failed=0

clean() {
	[ -n "$engine" ] && kill -9 "$engine" 2>/dev/null
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

not_ok() {
	echo "not ok: $*"
	echo "--- log"
	cat "$work/log"
	failed=1
}

# Starts keyrackd, and returns when it says that it serves; options after the usual ones.
start() {
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$keyrackd" --store "$store" --listen "unix:$socket" --simulate "$property" --people off --ready-fd 3 "$@" \
		2>"$work/log" 3>"$work/ready" &
	engine=$!
	[ "$(cat "$work/ready")" = r ] || { not_ok "it did not get ready"; exit 1; }
}

# Its exit code in $code.
await_end() {
	wait "$engine"
	code=$?
	engine=
}

ask() { # path body: the answer; its status in the last line
	curl -s --max-time 20 --unix-socket "$socket" -w '\n%{http_code}\n' -H "authorization: Bearer $key" \
		-H 'content-type: application/json' -d "$2" "http://x$1"
}

logged() { # text, at most 10 s
	timeout 10 sh -c 'until grep -qF -- "$2" "$1"; do sleep 0.05; done' - "$work/log" "$1" ||
		not_ok "'$1' is not in the log"
}

same() { # what got wanted
	[ "$2" = "$3" ] || not_ok "$1 is '$2', not '$3'"
}
