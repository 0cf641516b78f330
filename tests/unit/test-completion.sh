#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# test-completion.sh COMPLETION CAREID - Tab offers every command, every option and every word that `careid help` has, no others
set -euo pipefail

PATH=$(dirname "$2"):$PATH
n=0 failed=0
# shellcheck source=/dev/null
. "$1"

offered() { # WORD...: what Tab after these gives; the last is what has been typed of the next
        COMP_WORDS=(careid "$@")
        COMP_CWORD=$#
        COMPREPLY=()
        _careid || true
        printf '%s\n' "${COMPREPLY[@]}" | sort -u | xargs
}

result() { # NAME HAVE WANT
        n=$((n + 1))
        if [[ $2 == "$3" ]]; then
                echo "ok $n - $1"
        else
                printf '# offered: %s\n# wanted:  %s\nnot ok %d - %s\n' "$2" "$3" "$n" "$1"
                failed=1
        fi
}

sorted() { printf '%s\n' "$@" | sort -u | xargs; }

mapfile -t commands < <(LC_ALL=C careid help | sed -n 's/^  \([a-z].*\)$/\1/p')
((${#commands[@]} > 10)) || { echo "Bail out! careid help names no commands"; exit 1; }
declare -A seconds=()
for line in "${commands[@]}"; do
        words=()
        for word in $line; do
                [[ ! $word =~ ^[a-z-]+$ ]] || words+=("$word")
        done
        seconds[${words[0]}]+=" ${words[*]:1}"

        # One line of help each: what it is called, and what its value is called.
        help=$(LC_ALL=C careid help "${words[@]}")
        mapfile -t options < <(sed -n 's/^  \(--[a-z-]*\) *\(.*\)$/\1 \2/p' <<< "$help")
        result "options of ${words[*]}" "$(offered "${words[@]}" --)" "$(sorted "${options[@]%% *}" --help)"
        for option in "${options[@]}"; do
                [[ $option != *'|'* && ! ${option#* } =~ ^[a-z] ]] || result "values of ${words[*]} ${option%% *}" \
                        "$(offered "${words[@]}" "${option%% *}" '')" "$(tr '|' '\n' <<< "${option#* }" | sort -u | xargs)"
        done
done
result "commands" "$(offered '')" "$(sorted "${!seconds[@]}" --help --version)"
for first in "${!seconds[@]}"; do
        read -ra all <<< "${seconds[$first]}"
        ((${#all[@]} == 0)) || result "words after $first" "$(offered "$first" '')" "$(sorted "${all[@]}")"
done
# The kinds of things, as the command has them.
kinds=$(dirname "$1")/kinds.c
lists=$(sed -n 's/^ *{ "[a-z]*", *"\([a-z]*\)", .*KIND_LISTS.*/\1/p' "$kinds" | sort -u | xargs)
archives=$(sed -n 's/^ *{ "\([a-z]*\)", .*KIND_ARCHIVES.*/\1/p' "$kinds" | sort -u | xargs)
[[ -n $lists && -n $archives ]] || { echo "Bail out! $kinds has no kinds"; exit 1; }
for command in list show; do
        result "$command takes every kind that can be listed" "$(offered "$command" '')" "$lists"
done
for command in archive restore; do
        result "$command takes every kind that can be archived" "$(offered "$command" '')" "$archives"
done
# What the command itself says when it is given another word.
for command in list show archive restore; do
        [[ $(careid help "$command") == *WHAT* ]] && kind=units || kind=unit
        result "$command takes a kind of thing" "$(offered "$command" uni)" "$kind"
done
# The names of the care directory, which only root may read: a careid that has some, and a shell that is told it is root.
names() { # WORD...
        (
                # shellcheck disable=SC2317  # the completion calls it
                careid() { if [[ $1 == list ]]; then [[ $2 == units ]] && [[ $3 == --names ]] && printf '%s\n' oak '$(echo>&2 ran)' '`echo>&2 ran`' olive $'\033[2J' '-rf/'; else command careid "$@"; fi; }
                # shellcheck disable=SC2016  # it is to be replaced
                eval "$(declare -f __careid_names | sed 's/\$EUID/0/')"
                offered "$@"
        )
}
result "the names of units" "$(names assign anna nurse '')" "oak olive"
result "nothing of a name is run" "$(names assign anna nurse '' 2>&1)" "oak olive"
result "nor of what is typed" "$(offered unit '/e echo ran' 2>&1)$(offered '/e echo ran;' '' 2>&1)" ""
result "those that begin so" "$(names assign anna nurse ol)" "olive"
result "the name after a kind" "$(names archive unit oa)" "oak"
result "the name as an option's value" "$(names list units '')" ""
result "none of a kind that can't be listed" "$(names assign '')" ""
result "no command" "$(offered nothing '')" ""
result "after --" "$(offered list persons -- '')" ""
echo "1..$n"
exit $failed
