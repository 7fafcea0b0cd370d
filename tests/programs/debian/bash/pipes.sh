# Pipelines: exit statuses, many stages, process substitution, co-processes, here-documents, SIGPIPE.
seq 1 5000 | grep 7 | sed 's/7/seven/g' | sort -r | awk '{ n += length($0) } END { print NR, n }'
false | true | (exit 3) | true
echo "${PIPESTATUS[@]}"
set -o pipefail
yes | head -n 1
echo "status $?"
set +o pipefail
chain=cat
for ((i = 0; i < 20; i++)); do chain+=' | cat'; done
seq 1 100000 | eval "$chain" | md5sum
diff <(seq 1 10) <(seq 1 2 10)
tee >(wc -l >count) >(md5sum >sum) < <(seq 1 1000) | tail -n 1
while [[ ! -s count || ! -s sum ]]; do sleep 0.05; done
cat count sum
coproc CALCULATOR { while read -r a b; do echo $((a * b)); done; }
for pair in '6 7' '123 456' '-5 5'; do
    echo "$pair" >&"${CALCULATOR[1]}"
    read -r answer <&"${CALCULATOR[0]}"
    echo "$pair = $answer"
done
exec {CALCULATOR[1]}>&-
wait
cat <<END - <(echo from a file)
here $((6 * 7)) $(echo document)
END
mkfifo queue
(for word in one two three; do echo $word; done >queue) &
while read -r word; do echo "got $word"; done <queue
wait
exec 7<>scratch
echo written >&7
exec 7<&-
cat scratch
{ echo out; echo err >&2; } 2>&1 >/dev/null | sed 's/^/caught: /'
head -c 3000000 /dev/zero | tr '\0' x | fold -w 100 | md5sum
