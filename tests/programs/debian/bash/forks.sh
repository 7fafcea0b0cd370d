# Two hundred forks, with and without exec, alone and together.
total=0
for ((i = 0; i < 100; i++)); do
    total=$((total + $(echo $i)))
done
echo $total
for ((i = 0; i < 60; i++)); do
    /bin/true || echo failed
done
for ((i = 0; i < 40; i++)); do
    (exit $((i % 7))) &
    jobs+=($!)
done
failures=0
for job in "${jobs[@]}"; do
    wait "$job" || failures=$((failures + 1))
done
echo $failures
depth() { if (($1 > 0)); then (depth $(($1 - 1))); else echo bottom; fi; }
depth 20
bash -c 'bash -c "bash -c \"echo \\\$0 nested\" inner"'
ls /proc/self/fd | wc -l
