# A database server: processes that share memory, semaphores and locks, signals between them, and a socket to each client.
set -e
bin=$(echo /usr/lib/postgresql/*/bin)

# The server refuses to be root; in a user namespace of its own, nobody owns root's files.
if [[ $EUID == 0 ]]; then
    exec unshare --user --map-user=65534 --map-group=65534 bash "${BASH_SOURCE[0]}"
fi

quietly() { "$@" >>messages 2>&1 || { cat messages log; exit 1; }; }
server() { "$bin/pg_ctl" -D "$PWD/data" -l "$PWD/log" -w -t 120 "$@"; }
ask() { "$bin/psql" -X -q -At -v ON_ERROR_STOP=1 "$@"; }
export PGHOST=$PWD PGUSER=owner PGDATABASE=postgres

quietly "$bin/initdb" -D "$PWD/data" -U owner -A trust -E UTF8 --locale=C -N
quietly server -o "-k '$PWD' -h '' -c jit=off" start
trap 'server -m immediate stop' EXIT
quietly "$bin/pgbench" -i -q -s 1
ask -c 'select count(*), sum(aid) from pgbench_accounts'
quietly "$bin/pgbench" -n -c 4 -j 2 -t 50
grep 'actually processed' messages
ask <<'END'
select count(*) from pgbench_history;
select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history),
       (select sum(tbalance) from pgbench_tellers) = (select sum(delta) from pgbench_history),
       (select sum(bbalance) from pgbench_branches) = (select sum(delta) from pgbench_history);
create table words as
select n, md5(n::text) as word, n / 7.0 as part, sqrt(n::float8) as root from generate_series(1, 20000) n;
create index on words (word);
analyze words;
select count(distinct substr(word, 1, 3)), min(word), max(word), round(sum(part), 6), round(sum(root)::numeric, 6) from words;
select n, word, part from words where word like 'abc%' order by word;
set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0;
select sum(hashtext(word)::bigint) from words where root > 3;
select regexp_replace('Lyre bird', '(\w+) (\w+)', '\2 \1'), to_char(date '2024-02-29' + interval '1 year', 'YYYY-MM-DD FMDay');
select jsonb_path_query_array('{"a": [1, 2, 3.5]}', '$.a[*] ? (@ > 1)'), round(2::numeric ^ 200);
END
quietly server -m fast stop
trap - EXIT
server status >>messages || echo "stopped: $?"
