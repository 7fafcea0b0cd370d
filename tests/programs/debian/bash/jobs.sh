# Job control without a terminal: process groups, stopping and continuing, waiting for any.
exec 2>/dev/null # the shell's reports there contain process numbers
set -m
sleep 30 &
first=$!
sleep 31 &
second=$!
jobs
kill -STOP %1
sleep 0.5
jobs
kill -CONT %1
sleep 0.5
jobs -r
kill %1
wait $first
echo "status $?"
kill %2
wait $second
echo "status $?"
(exit 3) &
(sleep 0.2; exit 4) &
wait -n
echo "first $?"
wait -n
echo "second $?"
bash -c 'kill -STOP $$; exit 9' &
stopped=$!
sleep 0.5
jobs %%
kill -CONT %%
wait $stopped
echo "continued $?"
sleep 4 | cat | cat &
leader=$(jobs -p)
[[ $(awk '{ print $5 }' "/proc/$leader/stat") -eq $leader ]] && echo 'a group of its own'
wait
fg 2>&1 | sed 's/.*: //'
set +m
pids=()
for i in 1 2 3 4 5 6 7 8; do
    (sleep 0.$((9 - i)); exit "$i") &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid"
    printf '%d ' $?
done
echo
disown -a
