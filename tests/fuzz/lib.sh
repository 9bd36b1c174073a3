# What the scripts beside this share. The caller has set here, the source tree.
targets() {
	sed -n 's/^\([a-z]*\) .*/\1/p' "$here/tests/fuzz/targets"
}

# Goes to folder $1 and configures there with the words that follow, unless it has been done.
configured() {
	[ -x "$here/configure" ] || (cd "$here" && autoreconf -i)
	mkdir -p "$1"
	cd "$1"
	shift
	[ -f Makefile ] || "$here/configure" "$@" >configure.log
}

# Builds tests/fuzz/fuzz-$1 in this folder.
made() {
	make -j2 "tests/fuzz/fuzz-$1" >make.log 2>&1 || {
		tail make.log
		exit 1
	}
}

# Files that a target makes are made in memory, where the system has a folder for it: a disk would be most of the wait.
in_memory() {
	[ ! -w /dev/shm ] || TMPDIR=/dev/shm
	export TMPDIR
}

# -x FILE or -dict=FILE, after the word given, where target $2 has a dictionary.
dictionary() {
	[ ! -f "$here/tests/fuzz/dictionary/$2" ] || printf '%s%s' "$1" "$here/tests/fuzz/dictionary/$2"
}

# Each input once, under a name of its content, into folder $1.
plain_names() {
	for input in "$1"/id:*; do
		[ ! -f "$input" ] || mv "$input" "$1/$(sha1sum "$input" | cut -c1-16)"
	done
}
