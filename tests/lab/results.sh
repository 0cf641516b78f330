# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# results.sh - what the tests said: one line each, the slowest, the sum
#
# $RUN/results.tsv: pass|fail|skip|time TAB seconds|- TAB name. `time` is a program of several cases: it counts only among
# the slowest. A skip counts as a failure: nothing is skipped on a machine that runs all of it.

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

results_end() { # START
        local passed failed
        touch "$RUN/results.tsv"
        cp "$RUN/results.tsv" "$LOGS/results.tsv"
        passed=$(grep -c '^pass	' "$RUN/results.tsv" || true)
        failed=$(grep -cE '^(fail|skip)	' "$RUN/results.tsv" || true)
        say ""
        say "the ten slowest:"
        awk -F'\t' '$2 != "-"' "$RUN/results.tsv" | LC_ALL=C sort -t$'\t' -k2,2nr | awk -F'\t' 'NR <= 10 { printf "%8.1f s  %s\n", $2, $3 }'
        say ""
        say "in all $(since "$1") s; logs in $LOGS"
        if [[ $failed -gt 0 ]]; then
                say "failed:"
                grep -E '^(fail|skip)	' "$RUN/results.tsv" | cut -f3 | sed 's/^/  /'
        fi
        say "$passed passed, $failed failed"
        [[ $failed -eq 0 && $passed -gt 0 ]]
}
