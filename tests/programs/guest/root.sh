#!/bin/bash
# root.sh LYRE DIRECTORY SYSROOT GUEST: programs in another root directory. Status 77: this system does not let us make one.
lyre=$1 program=$2/root.$4 sysroot=$3
unshare --user --map-root-user true 2> /dev/null || exit 77
root=$(mktemp -d)
trap 'rm -f "$root/program" "$root/lyre" "$root/trace"; rmdir "$root"' EXIT
cp "$program" "$root/program"
failures=0
check() {
    said=$("${@:3}" 2>&1)
    status=$?
    [[ $status == 5 && $said == "executed in the new root: two words" ]] && return
    echo "$1: status $status: $said"
    failures=$((failures + 1))
}
inside=(unshare --user --map-root-user)
check "guest changes its root" - "${inside[@]}" "$lyre" "$program" "$root"
check "with a sysroot that is not there" - "${inside[@]}" "$lyre" -L "$sysroot" "$program" "$root"
check "with a trace" - "${inside[@]}" "$lyre" "--strace=$root/trace" "$program" "$root"
grep -q 'exit_group(5)' "$root/trace" || { echo "the trace does not follow exec"; failures=$((failures + 1)); }
cp "$lyre" "$root/lyre"
check "lyre itself there" - "${inside[@]}" chroot "$root" /lyre /program two words
exit $((failures > 0))
