#!/bin/bash
# endings.sh LYRE DIRECTORY SYSROOT GUEST: the exit status of lyre, and what it says, for each way in which a program or lyre
# can end.
lyre=$1 program=$2/endings.$4 guest=$4
failures=0
# check STATUS PATTERN words…: lyre's status (above 128: by signal) and its standard error as a glob.
check() {
    local status=$1 pattern=$2 said actual
    shift 2
    said=$("$lyre" "$@" 2>&1 >/dev/null)
    actual=$?
    # shellcheck disable=SC2053
    if [[ $actual != "$status" || $said != $pattern ]]; then
        echo "lyre $*: status $actual, expected $status; said: $said; expected: $pattern"
        failures=$((failures + 1))
    fi
}
ulimit -c 0
check 0 "" "$program" exit 0
check 7 "" "$program" exit 7
check 255 "" "$program" exit -1
check 33 "" "$program" thread
for signal in 1 2 3 6 9 10 11 14 15 34 64; do check $((128 + signal)) "" "$program" raise "$signal"; done
check 134 "" "$program" abort
check 139 "" "$program" load
check 139 "" "$program" blocked
check 139 "" "$program" ignored
check 139 "" "$program" frame
check 132 "*dies by SIGILL*endings.$guest+0x* ?main+0x*instruction*ffffffff*" "$program" illegal
case $guest in
    riscv64) check 132 "*dies by SIGILL*instruction*0d0572d7*extension: V*" "$program" vector ;;
    aarch64) check 132 "*dies by SIGILL*instruction*2518e3e0*" "$program" vector ;;
esac
check 0 "" "$program" probe
check 139 "*dies by SIGSEGV: nothing is mapped*pc 0x*endings.$guest+0x* ?main+0x*address 0x10*" --report "$program" load
check 139 '{"event": "guest-death", "signal": "SIGSEGV"*}' --report=json "$program" load
check 125 "lyre: unknown option --strcae; did you mean --strace?" --strcae "$program"
check 125 "lyre: unknown option -Q; lyre --help lists them" -Q "$program"
check 125 "lyre: option -L needs DIR" -L
check 125 "lyre: --va-bits takes 39, 42, 46, not \"40\"" --va-bits=40 "$program"
check 125 "lyre: --cpu takes generic, max, not \"z80\"" --cpu=z80 "$program"
case $guest in
    riscv64) check 125 "lyre: *processor of which lyre has one, generic*" --cpu=max "$program" exit 0 ;;
    aarch64) check 5 "" --cpu=max "$program" exit 5 ;;
esac
check 125 "lyre: no program is given*" --
check 125 "lyre: *sysroot*" -L /nothing/there "$program"
check 127 "lyre: ./nothing: *" ./nothing
check 127 "lyre: nothing-at-all: *" nothing-at-all
check 126 "lyre: *" /
check 126 "lyre: *" /dev/null
check 126 "lyre: /bin/*is a program of this machine*" /bin/true
check 127 "lyre: *dynamic linker*is not there*-L*" "${2}/hello_dynamic.$guest"
check 0 "*blocks decoded*" --stats "$program" exit 0
check 0 "" --help
check 0 "" --version
check 0 "" --syscalls
check 5 "*exit_group(5)*" --strace "$program" exit 5

# Stopped and continued by others.
"$lyre" "$program" stop &
for _ in {1..200}; do
    read -r _ _ state _ < "/proc/$!/stat"
    [[ $state == T ]] && break
    sleep 0.02
done
kill -CONT $!
wait $!
status=$?
[[ $status == 44 ]] || { echo "stop and continue: status $status"; failures=$((failures + 1)); }
exit $((failures > 0))
