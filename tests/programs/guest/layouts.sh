#!/bin/bash
# layouts.sh LYRE DIRECTORY SYSROOT GUEST: programs of all kinds run under every layout that a process can ask for.
# layouts.sh bits N LYRE words…: runs lyre with an address space of N bits.
if [[ $1 == bits ]]; then exec "$3" "--va-bits=$2" "${@:4}"; fi
lyre=$1 directory=$2 sysroot=$3 guest=$4
failures=0
check() {
    local name=$1
    shift
    for program in hello_static hello_dynamic hello_fixed bare; do
        said=$("$@" "$lyre" -L "$sysroot" "$directory/$program.$guest" 2>&1)
        status=$?
        case $program:$status:$said in
            hello_*:7:hello,*clean\ environment | bare:1:bare) ;;
            *) echo "$name: $program: status $status: $said"; failures=$((failures + 1)) ;;
        esac
    done
}
with_stack() { (ulimit -S -s "$1" && shift && "$@"); }
check plain env
check "no randomisation" setarch -R
check "legacy layout" setarch -L
check "both" setarch -R -L
check "8 MiB of stack" with_stack 8192
check "512 MiB of stack" with_stack 524288
if (ulimit -S -s unlimited) 2> /dev/null; then
    check "unlimited stack" with_stack unlimited
    check "unlimited stack, no randomisation" with_stack unlimited setarch -R
    said=$(with_stack unlimited "$lyre" "$directory/endings.$guest" limit again)
    [[ $said == $'unlimited\nunlimited' ]] || { echo "limit seen by the guest: $said"; failures=$((failures + 1)); }
fi
check "39 bits" "$0" bits 39
check "42 bits" "$0" bits 42
exit $((failures > 0))
