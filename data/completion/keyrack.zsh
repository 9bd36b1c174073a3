#compdef keyrack
# zsh completion for keyrack: commands and options as `keyrack help` lists them, lock names from the cache.

_keyrack() {
	local program=$words[1] word
	local -a said rows
	for word in ${words[2,CURRENT-1]}; do
		[[ $word == [a-z]* ]] && said+=($word)
	done
	case $words[CURRENT-1] in
	--lock | -l)
		rows=(${(f)"$($program locks --json 2>/dev/null | sed -nE 's/.*"display_name": ?"([^"\\]*)".*/\1/p')"})
		compadd -a rows
		return
		;;
	--pin-file | --theme)
		_files
		return
		;;
	esac
	if [[ $words[CURRENT] == -* ]]; then
		rows=(${(f)"$($program ${said[1,2]} --help 2>/dev/null |
			sed -nE 's/^ +(-[A-Za-z], )?(--[a-z][a-z-]*)( [A-Z]+)?  +(.*)/\2:\4/p' | sort -u)"})
		_describe option rows
		return
	fi
	# What may follow the words given: those of the help's table, from the program's own.
	rows=(${(f)"$($program help 2>/dev/null | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+( [a-z]+)?)  +(.*)/\1:\3/p' |
		sed -nE "s/^${said:+$said[1] }([a-z]+)( [a-z]+)?:/\1:/p" | sort -u -t: -k1,1)"})
	((${#said} < 2)) && _describe command rows
}

_keyrack "$@"
