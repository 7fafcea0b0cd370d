# The programs really are foreign, children too: falling back to this machine's files would make all other tests pass.
uname -m
sh -c 'uname -m'
env uname -m | cat
perl -e 'use Config; print "$Config{archname}\n"'
python3 -c 'import platform, subprocess, sysconfig
print(platform.machine(), sysconfig.get_platform(), subprocess.check_output(["uname", "-m"], text=True).strip())'
gcc -dumpmachine
case $(busybox grep -m1 '^isa' /proc/cpuinfo) in *rv64ima*) echo 'cpuinfo speaks of RISC-V' ;; esac
case $(busybox grep -m1 '^Features' /proc/cpuinfo) in *asimd*) echo 'cpuinfo speaks of Arm' ;; esac
