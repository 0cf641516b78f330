# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for careid(8): what can stand at this place, as `careid help` says it
#
# Commands, options and their words are asked of careid itself, so that there is nothing here to keep up with it.
# Names of the care directory are for root alone, who may read it.

# The commands, one a line: "person add".
__careid_commands() {
        LC_ALL=C careid help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\)\( .*\)\{0,1\}$/\1/p'
}

# The names of one kind, or their ids: nothing for a kind that there isn't.
__careid_names() { # WHAT
        [[ $EUID -eq 0 ]] && LC_ALL=C careid list "$1" --names 2>/dev/null
}

# What can stand where the help has this word.
__careid_operand() { # WORD HELP
        case $1 in
        WHAT | KIND) sed -n "/^  $1\$/,/^\$/s/^      //p" <<< "$2" | tr -d , | xargs ;;
        ROWS) echo organisations modules units services roles role-services persons identities contacts accounts assignments deputies templates clients enrolments grants mandates ;;
        ACCOUNT) __careid_names accounts ;;
        ROLE) __careid_names roles ;;
        UNIT) __careid_names units ;;
        SERVICE) __careid_names services ;;
        PAM-SERVICE) (cd /etc/pam.d 2>/dev/null && echo *) ;;
        PERSON) __careid_names persons ;;
        ASSIGNMENT) __careid_names assignments ;;
        LOGIN) __careid_names logins ;;
        ACT) echo invite add grant lock seal block bind read-audit configure ;;
        COMMAND) __careid_commands | cut -d' ' -f1 | sort -u ;;
        MODULE) echo chat video contact tasks booking communication schedule reports record-view ;;
        *[a-z]*'|'*) echo "${1//|/ }" ;;
        [A-Z]*) __careid_names "${1,,}s" ;;
        esac
}

# The name that follows a kind: "archive unit OAK".
__careid_named() { # KIND
        [[ ! $1 =~ ^[a-z]+$ ]] || __careid_names "${1%s}s"
}

# What an option's value is called; nothing where it has none.
__careid_value() { # OPTION HELP
        sed -n "s/^  $1 \(..*\)$/\1/p" <<< "$2"
}

# Those that begin like what is typed. What comes out of the care directory is text: nothing here may expand it (`compgen -W` does).
__careid_offer() { # WORD...
        local word typed=${COMP_WORDS[COMP_CWORD]}
        local -a words
        read -rd '' -a words <<< "$*"
        COMPREPLY=()
        for word in "${words[@]}"; do
                [[ $word =~ ^[A-Za-z0-9-][A-Za-z0-9._:-]*$ && ${word:0:${#typed}} == "$typed" ]] && COMPREPLY+=("$word")
        done
        return 0
}

_careid() {
        local commands words usage value word command='' first=${COMP_WORDS[1]-}
        local -i at n=0
        local -a operands

        COMPREPLY=()
        commands=$(__careid_commands)
        words=$(cut -d' ' -f1 <<< "$commands" | sort -u)
        if ((COMP_CWORD == 1)); then
                __careid_offer "$words --help --version"
                return
        fi
        # One word, or two.
        [[ $first =~ ^[a-z-]+$ ]] || return
        if grep -qxF -- "$first" <<< "$commands"; then
                command=$first at=2
        elif ((COMP_CWORD == 2)); then
                __careid_offer "$(sed -n "s/^$first //p" <<< "$commands")"
                return
        elif grep -qxF -- "$first ${COMP_WORDS[2]}" <<< "$commands"; then
                command="$first ${COMP_WORDS[2]}" at=3
        else
                return
        fi

        # shellcheck disable=SC2086  # one word or two
        usage=$(LC_ALL=C careid help $command 2>/dev/null)
        word=${COMP_WORDS[COMP_CWORD - 1]}
        if [[ $word =~ ^--[a-z-]+$ ]]; then
                value=$(__careid_value "$word" "$usage")
                case $value in
                '') ;;
                *'|'* | [a-z]*) __careid_offer "${value//|/ }" && return ;;
                PATH | FILE | DIRECTORY | DIR) mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") && return ;;
                NAME) __careid_offer "$(__careid_named "${word#--}")" && return ;;
                *) __careid_offer "$(__careid_operand "$value" "$usage")" && return ;;
                esac
        fi
        if [[ ${COMP_WORDS[COMP_CWORD]} == -* ]]; then
                __careid_offer "$(sed -n 's/^  \(--[a-z-]*\).*/\1/p' <<< "$usage") --help"
                return
        fi
        # Which operand is it?
        for (( ; at < COMP_CWORD; at++)); do
                word=${COMP_WORDS[at]}
                if [[ $word != --* ]]; then
                        n+=1
                elif [[ -n $(__careid_value "$word" "$usage") ]]; then
                        at+=1
                fi
        done
        word=${usage#"careid $command"}
        word=${word%%$'\n'*}
        word=${word%% --*}
        word=${word%% \[--*}
        read -ra operands <<< "${word//[][]/}"
        ((n < ${#operands[@]})) || return
        # One that repeats: "FILE ...".
        [[ ${operands[n]} != ... ]] || n=$((n - 1))
        if [[ ${operands[n]} =~ ^(PATH|FILE|DIRECTORY)$ ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
        elif [[ ${operands[n]} == NAME && $n -eq 1 ]]; then
                __careid_offer "$(__careid_named "${COMP_WORDS[COMP_CWORD - 1]}")"
        else
                __careid_offer "$(__careid_operand "${operands[n]}" "$usage")"
        fi
}

complete -F _careid careid
