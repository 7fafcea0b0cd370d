# Ten megabytes through digests and compressors: long inner loops over bytes, large reads and writes.
set -e
busybox seq 1 40000 >lines
busybox ls -l lines | busybox awk '{ print $5 }'
i=0
while [ $i -lt 46 ]; do
    echo "block $i"
    busybox cat lines
    i=$((i + 1))
done | busybox head -c 10485760 >big
busybox stat -c %s big
for digest in md5sum sha1sum sha256sum sha512sum; do
    busybox $digest big
done
busybox gzip -c big >big.gz
busybox gunzip -c big.gz | busybox cmp - big && echo 'gzip: same'
busybox head -c 300000 big >part
busybox bzip2 -k part
busybox bunzip2 -c part.bz2 | busybox cmp - part && echo 'bzip2: same'

busybox mkdir -p tree/a/b tree/c
busybox cp lines tree/a/b/
busybox ln tree/a/b/lines tree/c/hard
busybox ln -s ../a/b/lines tree/c/soft
busybox tar -czf tree.tgz tree
busybox tar -tzf tree.tgz | busybox sort
busybox mkdir out
busybox tar -xzf tree.tgz -C out
busybox diff -r tree out/tree && echo 'tar: same'
busybox readlink out/tree/c/soft
busybox stat -c %h out/tree/c/hard
