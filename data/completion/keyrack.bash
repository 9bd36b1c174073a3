# bash completion for keyrack: commands and options as `keyrack --help` lists them, lock names
# from the cache.

_keyrack_words() {
	"$1" "${@:2}" --help 2>/dev/null | grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,'
}

# What may follow the words given: the commands are those of the help, from the program's table.
_keyrack_commands() {
	"$1" help 2>/dev/null | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+( [a-z]+)?)  .*/\1/p' |
		sed -nE "s/^$2//p" | sed -E 's/ .*//' | sort -u
}

_keyrack_locks() {
	"$1" locks --json 2>/dev/null | sed -nE 's/.*"display_name": ?"([^"\\]*)".*/\1/p'
}

_keyrack() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=() word
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == [a-z]* ]] && words+=("$word")
	done
	local IFS=$'\n'
	case $prev in
	--lock | -l)
		mapfile -t COMPREPLY < <(compgen -W "$(_keyrack_locks "$1")" -- "$cur" | sed 's/ /\\ /g')
		return
		;;
	--pin-file | --theme)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_keyrack_words "$1" "${words[@]:0:2}")" -- "$cur")
		return
	fi
	case ${#words[@]} in
	0) mapfile -t COMPREPLY < <(compgen -W "$(_keyrack_commands "$1" "")" -- "$cur") ;;
	1) mapfile -t COMPREPLY < <(compgen -W "$(_keyrack_commands "$1" "${words[0]} ")" -- "$cur") ;;
	esac
}

complete -F _keyrack keyrack
