# Signals as a shell sees them: traps, inherited and reset dispositions, wait interrupted, death by signal.
exec 2>/dev/null # the shell's reports there contain process numbers
trap 'echo "exit $?"' EXIT
trap 'echo usr1' USR1
trap 'echo usr2; trap - USR2' USR2
kill -USR1 $$
kill -USR2 $$
(kill -USR2 "$BASHPID"; echo unreached) 2>/dev/null
echo "subshell $?"
for name in TERM KILL HUP ABRT SEGV PIPE ALRM; do
    (ulimit -c 0; kill -s $name "$BASHPID") 2>/dev/null
    echo "$name $?"
done
sleep 30 &
child=$!
(sleep 0.3; kill -USR1 $$) &
wait $child
echo "wait gave $?"
kill $child
wait $child 2>/dev/null
echo "child gave $?"
bash -c 'trap "" TERM; kill $$; echo survived; bash -c "kill \$\$; echo ignored by the child too"'
bash -c 'trap "echo int" INT; kill -INT $$; echo after'
timeout 0.3 sleep 30
echo "timeout $?"
timeout -s KILL 0.3 bash -c 'trap "" TERM; while :; do :; done' 2>/dev/null
echo "timeout by KILL $?"
trap 'echo debug: $BASH_COMMAND' DEBUG
x=1
trap - DEBUG
trap 'echo "an error in line $LINENO"' ERR
false
trap - ERR
count=0
trap 'count=$((count + 1))' USR1
for ((i = 0; i < 200; i++)); do kill -USR1 $$; done
echo "$count signals"
