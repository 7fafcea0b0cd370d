#!/bin/bash
# binfmt.sh LYRE DIRECTORY SYSROOT GUEST: the kernel runs guest programs by itself when it is told to, with every combination
# of flags, in a user namespace of the test's own. Status 77: this kernel (before 6.7) has no binfmt_misc in such a one.
if [[ $1 != inside ]]; then
    inside=(unshare --user --map-root-user --mount --propagation private)
    "${inside[@]}" true 2> /dev/null || exit 77
    exec "${inside[@]}" "$0" inside "$@"
fi
lyre=$2 directory=$3 sysroot=$4 guest=$5
format=$(mktemp -d)
trap 'umount "$format" 2> /dev/null; rmdir "$format"' EXIT
mount -t binfmt_misc none "$format" 2> /dev/null || exit 77
case $guest in riscv64) machine='\xf3' ;; aarch64) machine='\xb7' ;; esac
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00'$machine'\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
program=$directory/hello_static.$guest
failures=0
fail() {
    echo "flags $flags: $*"
    failures=$((failures + 1))
}
for flags in "" F O FP FO FPO; do
    printf ':lyre:M::%s:%s:%s:%s' "$magic" "$mask" "$lyre" "$flags" > "$format/register" || exit 77
    said=$("$program" one "two words")
    status=$?
    expected=$'hello, 2 arguments\n[one]\n[two words]\nclean environment'
    [[ $status == 7 && $said == "$expected" ]] || fail "status $status: $said"
    # The program's own name is kept when the kernel is asked to (flag P).
    name=$(bash -c 'exec -a other "$0" name' "$directory/endings.$guest")
    case $flags in *P*) wanted=other ;; *) wanted=$directory/endings.$guest ;; esac
    [[ $name == "$wanted" ]] || fail "the name is $name"
    said=$(LYRE_SYSROOT=$sysroot "$directory/processes.$guest" 2>&1 | tail -1)
    [[ $said == "impossible clone: -1 Invalid argument" ]] || fail "processes: $said"
    echo -1 > "$format/lyre"
done
exit $((failures > 0))
