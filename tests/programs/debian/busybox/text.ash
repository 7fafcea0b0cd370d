# busybox's awk, sed, sort and friends, and ash itself.
set -e
busybox awk 'BEGIN {
    for (i = 1; i <= 2000; i++) { n[i % 17] += i * i; s = s sprintf("%c", 97 + i % 26) }
    for (i = 0; i < 17; i++) printf "%d %d\n", i, n[i]
    print substr(s, 100, 30), length(s), index(s, "xyz"), toupper(substr(s, 1, 5))
    printf "%.10f %e %g %x %o %5.2f|%-8s|%08.3f\n", 1 / 3, 1e10 / 7, 22 / 7, 48879, 511, 3.14159, "left", -3.14159
    n = split("one:two:three", part, ":"); print n, part[3]
    t = "a-b-c"; gsub(/-/, "+", t); print t, match("foobar", /o+/), RSTART, RLENGTH
}'
busybox seq 1 3000 | busybox awk '{ print ($1 * 7919) % 3001, $1 }' >pairs
busybox sort -n pairs | busybox head -n 5
busybox sort -k2,2nr pairs | busybox head -n 3
busybox sort pairs | busybox md5sum
busybox cut -d' ' -f1 pairs | busybox sort -n | busybox uniq | busybox wc
busybox sed -n -e '1,20s/\([0-9]*\) \([0-9]*\)/\2:\1/p' -e '/^30/{=;p;}' pairs
printf 'alpha\nbeta\ngamma\n' | busybox sed -e '2{h;d;}' -e '$G' -e 'y/abc/ABC/'
busybox grep -c '7$' pairs
busybox grep -E '^(12|34)[0-9] ' pairs | busybox tr '0-9' 'a-j' | busybox rev | busybox sort | busybox head -n 8
busybox od -A d -t x1 pairs | busybox head -n 3
busybox expr 6 \* 7
echo '2 10 ^ p 355 113 / p' | busybox dc
busybox printf '%s %05d %x %c\n' text 42 255 z
busybox date -u -d @1700000000 '+%Y-%m-%d %H:%M:%S'
busybox find / -maxdepth 0

fib() { if [ "$1" -lt 2 ]; then echo "$1"; else echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); fi; }
fib 8
total=0
for i in 1 2 3 4 5 6 7 8 9 10; do
    case $i in *[02468]) total=$((total + i)) ;; *) total=$((total * 2)) ;; esac
done
echo $total
trap 'echo goodbye' EXIT
(trap "echo caught; exit 7" USR1; sh -c "kill -USR1 \$PPID"; echo unreached) || echo "status $?"
word=archive.tar.gz
echo "${word%.*} ${word%%.*} ${word#*.} ${word##*.} ${#word} ${nothing:-default}"
while read -r number square; do
    echo "$number -> $square"
done <<END
3 9
4 16
END
