#!/bin/bash
# compare.sh LYRE SYSROOT TRUTH GUEST [arguments]: runs GUEST in LYRE and compares what it prints, and its exit status,
# with TRUTH: the same program built for this machine, or a file NAME.expected with what it must print before it ends with
# status 0.
lyre=$1 sysroot=$2 truth=$3 guest=$4
shift 4
# Descriptors that the caller happens to have open are nobody's business.
for descriptor in {3..60}; do eval "exec $descriptor>&-"; done

actual=$(LYRE_SYSROOT=$sysroot "$lyre" "$guest" "$@"; echo "status $?")
if [[ $truth == *.expected ]]; then
    expected="$(cat "$truth")"$'\nstatus 0'
else
    expected=$("$truth" "$@"; echo "status $?")
fi
# The two programs' own names differ, and so may scratch directories.
if [[ ${actual//$guest/PROGRAM} != "${expected//$truth/PROGRAM}" ]]; then
    diff <(echo "${expected//$truth/PROGRAM}") <(echo "${actual//$guest/PROGRAM}")
    exit 1
fi
