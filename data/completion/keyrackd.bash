# bash completion for keyrackd: options as `keyrackd --help` lists them.

_keyrackd() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words
	local IFS=$'\n'
	case $prev in
	--config | --simulate | --tls-cert | --tls-key | --audit-key | --seal-key)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--role) words=$'admin\ndesk\nread' ;;
	--people | --rate-limits) words=$'on\noff' ;;
	--account-limit | --poll) words=off ;;
	--log-level) words=$'error\nwarning\ninfo\ndebug' ;;
	key) words=$'create\nlist\nrevoke' ;;
	audit) words=$'export\nhead\nprune' ;;
	*) words=$("$1" --help 2>/dev/null | grep -oE -- '^  (-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'; echo key; echo audit; echo rekey) ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _keyrackd keyrackd
