# bash completion for spoor(1).  Commands and options come from the program's own --help.

_spoor_commands() {
	"$1" --help 2>/dev/null | sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  *.*/\1/p'
}

# What follows "--name" in the help of a command; "VALUE" words tell which take one.
_spoor_options() {
	"$1" ${2:+"$2"} --help 2>/dev/null | sed -n 's/^  \(-[a-zA-Z],\|   \) \(--[a-z-]*\).*/\2/p'
}

_spoor() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} spoor=${COMP_WORDS[0]}
	local word command= skip= i
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $skip ]]; then
			skip=
		elif [[ $word == -C || $word == --case || $word == --purpose ]]; then
			skip=1
		elif [[ $word != -* && -z $command ]]; then
			command=$word
		fi
	done

	case $prev in
	-C | --case | --cases)
		compopt -o dirnames
		return ;;
	-f | --file | --acquired | --rules | --placeholders)
		compopt -o default
		return ;;
	--from)
		[[ $command == init ]] && compopt -o default
		return ;;
	--to | --at | --since | --purpose | --name | --source | --born | --country | --id | --person | --confidence | --object | -j | --jobs | -a | --account | --action)
		return ;;
	--stix-version)
		COMPREPLY=($(compgen -W "2.0 2.1" -- "$cur"))
		return ;;
	--tlp)
		COMPREPLY=($(compgen -W "clear green amber amber+strict red" -- "$cur"))
		return ;;
	-k | --kind)
		COMPREPLY=($(compgen -W "ip domain url email account session message-id hash user-agent
			app device resource file-path file-name fingerprint serial access-key host mac
			connection record-id url-template" -- "$cur"))
		return ;;
	--as | --format)
		if [[ $command == people ]]; then
			COMPREPLY=($(compgen -W "entra popolo csv" -- "$cur"))
			return
		fi
		COMPREPLY=($(compgen -W "$("$spoor" formats --json 2>/dev/null |
			sed -n 's/^{"format":"\([^"]*\)".*/\1/p')" -- "$cur"))
		return ;;
	esac

	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_spoor_options "$spoor" "$command")" -- "$cur"))
	elif [[ -z $command ]]; then
		COMPREPLY=($(compgen -W "$(_spoor_commands "$spoor")" -- "$cur"))
	else
		case $command in
		init | backup) compopt -o dirnames ;;
		people)
			if [[ $prev == people ]]; then
				COMPREPLY=($(compgen -W "import list show lists remove" -- "$cur"))
			else
				compopt -o default
			fi ;;
		rule)
			if [[ $prev == rule ]]; then
				COMPREPLY=($(compgen -W "check explain test" -- "$cur"))
			else
				compopt -o default
			fi ;;
		intel)
			if [[ $prev == intel ]]; then
				COMPREPLY=($(compgen -W "add list show actors remove diff" -- "$cur"))
			else
				compopt -o default
			fi ;;
		rule)
			if [[ $prev == rule ]]; then
				COMPREPLY=($(compgen -W "check explain test" -- "$cur"))
			else
				compopt -o default
			fi ;;
		ingest | detect) compopt -o default ;;
		claims)
			COMPREPLY=($(compgen -W "$("$spoor" claims --json 2>/dev/null |
				sed -n 's/^{"incident":"\([^"]*\)".*/\1/p' | sort -u)" -- "$cur")) ;;
		esac
	fi
}

complete -F _spoor spoor
