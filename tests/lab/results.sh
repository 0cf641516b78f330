# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# results.sh - what the tests said: one line each, the slowest, the sum
#
# $RUN/results.tsv: pass|fail|skip|time TAB seconds|- TAB name. `time` is a program of several cases: it counts only among
# the slowest. A skip counts as a failure: nothing is skipped on a machine that runs all of it.
# terminals*.tsv, wherever a machine left them: rows of the table of terminals (tests/e2e/terminals.py).

result() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$RUN/results.tsv"; }

# results_take STEP SECONDS FILE: FILE's lines, and one line about the step
results_take() {
        local passed failed
        touch "$3"
        passed=$(grep -c '^pass	' "$3" || true)
        failed=$(grep -cE '^(fail|skip)	' "$3" || true)
        cat "$3" >>"$RUN/results.tsv"
        printf 'lab: %-24s %4d passed, %d failed   %s s\n' "$1" "$passed" "$failed" "$2"
        grep -E '^(fail|skip)	' "$3" | awk -F'\t' '{ printf "lab:   %s: %s\n", $1 == "skip" ? "skipped" : "FAILED", $3 }' || true
}

# The terminals that were seen: every terminals*.tsv that a machine left (tests/e2e/terminals.py), as one table.
results_terminals() {
        local files
        mapfile -t files < <(find "$LOGS" -name 'terminals*.tsv' | sort)
        [[ ${#files[@]} -gt 0 ]] || return 0
        say ""
        say "a code in every terminal (decoded: read from a picture of it, and approved by that):"
        { printf 'host\tterminal\tsize\ttheme\tlocale\tdrawn\tdecoded\tseconds\n'; cat "${files[@]}"; } |
                awk -F'\t' '
                        { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } if (NF > most) most = NF }
                        END { for (r = 1; r <= NR; r++) { line = "  "; for (i = 1; i <= most; i++) line = line sprintf("%-" (width[i] + 2) "s", cell[r, i]); sub(/ +$/, "", line); print line } }'
}

results_end() { # START
        local passed failed
        touch "$RUN/results.tsv"
        cp "$RUN/results.tsv" "$LOGS/results.tsv"
        passed=$(grep -c '^pass	' "$RUN/results.tsv" || true)
        failed=$(grep -cE '^(fail|skip)	' "$RUN/results.tsv" || true)
        say ""
        say "the ten slowest:"
        awk -F'\t' '$2 != "-"' "$RUN/results.tsv" | LC_ALL=C sort -t$'\t' -k2,2nr | awk -F'\t' 'NR <= 10 { printf "%8.1f s  %s\n", $2, $3 }'
        results_terminals
        say ""
        say "in all $(since "$1") s; logs in $LOGS"
        if [[ $failed -gt 0 ]]; then
                say "failed:"
                grep -E '^(fail|skip)	' "$RUN/results.tsv" | cut -f3 | sed 's/^/  /'
        fi
        say "$passed passed, $failed failed"
        [[ $failed -eq 0 && $passed -gt 0 ]]
}
