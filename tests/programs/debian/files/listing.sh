# ls -lR, find, tar, du, stat and the small tools, on a tree made here and on the guest's own library.
set -e
umask 022
mkdir -p tree/{a,b/c,d}
for i in $(seq 1 40); do
    printf '%*s' $((i * 37)) '' >"tree/a/file$i"
    touch -d "2024-01-01 +$i days" "tree/a/file$i"
done
ln -s ../a/file1 tree/b/link
ln -s nowhere tree/b/dangling
ln tree/a/file2 tree/d/hard
mkfifo tree/d/pipe
chmod 4755 tree/a/file3
chmod 440 tree/a/file4
touch $'tree/d/new\nline' 'tree/d/with space' tree/d/ünïcode
truncate -s 5G tree/d/sparse
find tree -exec touch -h -d '2024-02-03 04:05:06' {} +
ls -lR --time-style=full-iso tree | sed 's/^total .*//'
ls -lRS tree | md5sum
ls -1Q tree/d
ls -i tree/a/file2 tree/d/hard | awk '{ print $1 }' | uniq | wc -l
find tree -type f -size +1k -printf '%P %s %m %n %TY\n' | sort
find tree -newer tree/a/file1 -o -name 'file1?' -prune | sort | md5sum
find tree -type l -xtype l
find tree -name 'file*' -print0 | sort -z | xargs -0 -n 10 sh -c 'echo $#' count
find tree -maxdepth 2 -empty | sort
stat -c '%n %s %A %h %F' tree/d/* | sort
stat -f -c %T / >/dev/null && echo statfs
du -a --apparent-size tree/a | grep file | sort -k2 | head -n 5
tar -cf tree.tar --sort=name --owner=0 --group=0 --numeric-owner --sparse tree
tar -tvf tree.tar | md5sum
mkdir out
tar -xf tree.tar -C out
diff -r --no-dereference --exclude=pipe --exclude=sparse tree out/tree && echo 'same tree'
stat -c '%s %a %Y' out/tree/a/file3 out/tree/d/sparse
tar -czf - tree/a | tar -tzf - | wc -l
cp -a tree/a copy && diff -r tree/a copy && echo copied
mv copy moved && rm -r moved && rm -rf out tree.tar
ls -lR /usr/lib/python3*/json /usr/share/perl/*/unicore 2>/dev/null | wc -l | awk '{ print ($1 > 50) }'
find /usr/share/perl* -name '*.pm' | xargs grep -l '^package' | wc -l | awk '{ print ($1 > 100) }'
seq 1 30000 | shuf --random-source=<(yes) | sort -n --parallel=2 -S 100k | md5sum
seq 1 1000 | split -l 300 - part. && wc -l part.* && cat part.* | sha1sum
dd if=/dev/zero of=blocks bs=4k count=100 conv=fsync status=none && dd if=blocks bs=1k skip=390 2>/dev/null | wc -c
realpath tree/b/link tree/b/../d/./hard | sed "s,$PWD,,"
date -u -d '2024-02-29 +1 year' +%F
comm -12 <(seq 1 2 50) <(seq 1 3 50 | sort -n) 2>/dev/null | tr '\n' ' '
join <(printf '1 a\n2 b\n') <(printf '1 x\n2 y\n') | paste -sd,
printf 'one\ttwo\n' | expand -t 8 | od -c | head -n 2
numfmt --to=iec 123456789
factor 1000000007 18446744073709551557
seq 100 | tac | head -n 3 | nl
timeout 5 tail -f --pid=$$ /dev/null &
kill $!
wait
df -P / | wc -l
