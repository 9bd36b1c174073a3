# fish completion for keyrack: commands and options as `keyrack help` lists them, lock names from the cache.

function __keyrack_said
	for word in (commandline -opc)[2..-1]
		string match -qr '^[a-z]' -- $word; and echo $word
	end
end

# What may follow the words given, with what it does.
function __keyrack_commands
	set -l said (__keyrack_said)
	test (count $said) -lt 2; or return
	set -l prefix ''
	test (count $said) -eq 1; and set prefix "$said[1] "
	keyrack help 2>/dev/null | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+( [a-z]+)?)  +(.*)/\1\t\3/p' |
		sed -nE "s/^$prefix([a-z]+)( [a-z]+)?\t/\1\t/p" | sort -u
end

function __keyrack_options
	set -l said (__keyrack_said)
	keyrack $said[1..2] --help 2>/dev/null |
		sed -nE 's/^ +(-[A-Za-z], )?(--[a-z][a-z-]*)( [A-Z]+)?  +(.*)/\2\t\4/p' | sort -u
end

function __keyrack_locks
	keyrack locks --json 2>/dev/null | sed -nE 's/.*"display_name": ?"([^"\\\\]*)".*/\1/p'
end

function __keyrack_takes
	contains -- (commandline -opc)[-1] $argv
end

complete -c keyrack -f
complete -c keyrack -n '__keyrack_takes --lock -l' -a '(__keyrack_locks)'
complete -c keyrack -n '__keyrack_takes --pin-file --theme' -F
complete -c keyrack -n 'not __keyrack_takes --lock -l --pin-file --theme' -a '(__keyrack_commands)'
complete -c keyrack -n 'string match -q -- "-*" (commandline -ct)' -a '(__keyrack_options)'
