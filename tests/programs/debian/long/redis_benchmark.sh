# A server with an event loop, background threads and a forked child that saves, under its own load generator; scripts in Lua.
set -e
redis-server --port 0 --unixsocket "$PWD/socket" --daemonize no --save '' --io-threads 2 --io-threads-do-reads yes \
    --enable-debug-command local --appendonly yes --appendfsync everysec --dir "$PWD" >log 2>&1 &
trap 'kill $! 2>/dev/null || true' EXIT
cli() { redis-cli -s "$PWD/socket" "$@"; }
until cli ping 2>/dev/null | grep -q PONG; do sleep 0.1; done
redis-benchmark -s "$PWD/socket" -q --csv -n 4000 -c 20 -P 4 -r 1000 -t set,get,incr,lpush,rpop,sadd,hset,zadd,spop,lrange_100,mset |
    tr -d '"' | cut -d , -f 1
redis-benchmark -s "$PWD/socket" -q --csv -n 4000 -c 8 --threads 2 eval 'return redis.call("incr", KEYS[1])' 1 scripted | wc -l
cli get scripted
cli flushall
cli eval 'local sum = 0; for i = 1, 20000 do redis.call("zadd", KEYS[1], i % 1013 / 8, "m" .. i); sum = sum + i * 3 % 7 end; return sum' 1 z
cli zcard z
cli zrangebyscore z 1.5 1.625 limit 0 4
cli zrange z 0 -1 withscores | sha1sum
for i in $(seq 1 40); do echo "set key$i $(printf '%0*d' $((i * 20)) "$i")"; done | cli --pipe | tail -n 1
cli eval 'return {cjson.encode({1, 2.5, "x"}), redis.sha1hex("abc"), string.format("%.14g", 2 ^ 0.5)}' 0
cli pfadd log a b c d >/dev/null
cli pfcount log
cli setbit bits 100007 1
cli bitcount bits
cli geoadd places 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
cli geodist places Palermo Catania km
before=$(cli debug digest)
cli bgsave >/dev/null
until [[ $(cli info persistence | tr -d '\r' | grep rdb_bgsave_in_progress) == *:0 ]]; do sleep 0.1; done
cli info persistence | tr -d '\r' | grep rdb_last_bgsave_status
cli debug reload
[[ $(cli debug digest) == "$before" ]] && echo 'the same after a reload'
cli shutdown nosave || true
wait $! || echo "status $?"
