# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for kin; the words come from kin itself: 'kin complete'.

_kin_words() {
	kin complete "$@" 2>/dev/null | cut -f1
}

# A list with commas: what stands before the last one stays. The first word of
# a list may have a sign, as --columns and --sort take it.
_kin_list() {
	local done='' word=$cur sign='' each

	if [[ $word == *,* ]]; then
		done=${word%,*},
		word=${word##*,}
	fi
	if [[ $word == [-+]* ]]; then
		sign=${word:0:1}
		word=${word:1}
	fi
	COMPREPLY=()
	for each in $(compgen -W "$1" -- "$word"); do
		COMPREPLY+=("$done$sign$each")
	done
	compopt -o nospace
}

# The first name of an expression: a column of the rows, or of the host.
_kin_where() {
	local set=$cmd words

	[[ $cmd != fd || " ${COMP_WORDS[*]} " != *\ @(-c|--count)\ * ]] || set=fd-count
	words=$(_kin_words columns "$set")
	case $cmd in
	ps | tree) words+=" $(_kin_words columns host | sed 's/^/host./')" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	compopt -o nospace
}

_kin_value() {
	case $1 in
	--columns | -o) _kin_list "$(_kin_words columns "$cmd") all" ;;
	--where) _kin_where ;;
	--sort | -s) _kin_list "$(_kin_words columns "$cmd")" ;;
	--type | -t) _kin_list "$(_kin_words fd-types)" ;;
	--socket-state) _kin_list "$(_kin_words socket-states)" ;;
	--who | --path) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	--state) mapfile -t COMPREPLY < <(compgen -W "$(_kin_words states | fold -w1)" -- "$cur") ;;
	--event) _kin_list "$(_kin_words events)" ;;
	--color) mapfile -t COMPREPLY < <(compgen -W "always never auto" -- "$cur") ;;
	--user) _kin_list "$(compgen -u)" ;;
	--cgroup)
		# directories below the root of the hierarchy
		mapfile -t COMPREPLY < <(cd /sys/fs/cgroup 2>/dev/null &&
			compgen -d -- "${cur#/}" | sed 's,^,/,')
		compopt -o nospace
		;;
	--pid | --tgid | --subtree)
		_kin_list "$(kin ps --raw --no-headings -o pid 2>/dev/null)"
		;;
	*) COMPREPLY=() ;;
	esac
}

# kin run: its own options, then the line of another command.
_kin_run() {
	local i=2
	while ((i < COMP_CWORD)) && [[ ${COMP_WORDS[i]} == -?* ]]; do
		case ${COMP_WORDS[i]} in
		--)
			((i++))
			break
			;;
		--output | --color | -o)
			[[ ${COMP_WORDS[i + 1]} != = ]] || ((i++))
			((i += 2))
			;;
		*) ((i++)) ;;
		esac
	done
	if ((i > COMP_CWORD)); then
		[[ $cur != = ]] || cur=''
		case "${COMP_WORDS[*]:i - 3:3}" in
		*--color*) mapfile -t COMPREPLY < <(compgen -W "always never auto" -- "$cur") ;;
		*) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		esac
	elif ((i == COMP_CWORD)) && [[ $cur == -* && ${COMP_WORDS[i - 1]} != -- ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_kin_words options run | tr -d =)" -- "$cur")
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$i"
	elif ((i == COMP_CWORD)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

# kin env PID NAME...: behind the pid, what that process has.
_kin_env() {
	local i pid=''

	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || { pid=${COMP_WORDS[i]}; break; }
	done
	if [[ -z $pid ]]; then
		_kin_list "$(kin ps --raw --no-headings --no-kernel -o pid 2>/dev/null)"
	else
		mapfile -t COMPREPLY < <(compgen -W \
			"$(kin env "$pid" 2>/dev/null | cut -d= -f1)" -- "$cur")
	fi
}

_kin() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local cmd=${COMP_WORDS[1]} options

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$(_kin_words commands) --help --version" -- "$cur")
		return
	fi
	if [[ $cmd == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_kin_words commands)" -- "$cur")
		return
	fi
	if [[ $cmd == run ]]; then
		_kin_run
		return
	fi
	options=$(_kin_words options "$cmd")
	# bash splits "--state=D" into three words
	if [[ $cur == = ]]; then
		cur=''
		_kin_value "$prev"
	elif [[ $prev == = ]]; then
		_kin_value "${COMP_WORDS[COMP_CWORD - 2]}"
	elif [[ $'\n'$options$'\n' == *$'\n'"$prev="$'\n'* ]]; then
		_kin_value "$prev"
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${options//=/}" -- "$cur")
	elif [[ $cmd == env ]]; then
		_kin_env
	else
		mapfile -t COMPREPLY < <(compgen -W \
			"$(kin ps --raw --no-headings -o pid 2>/dev/null)" -- "$cur")
	fi
}

complete -F _kin kin
