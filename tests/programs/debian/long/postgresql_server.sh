# A database server: a process for each client, shared memory, semaphores, latches by signals, parallel workers, and queries compiled by LLVM.
set -e
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
as_somebody=()
# The server refuses to be root. Who gives that up here keeps the right to read, because the guest's files may be below /root.
if ((EUID == 0)); then
    as_somebody=(setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override)
    chown nobody:nogroup .
fi
somebody() { "${as_somebody[@]}" "$@"; }
query() { somebody psql -h "$PWD" -d postgres -qXAt -F ' ' -v ON_ERROR_STOP=1 "$@"; }
somebody initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >initdb.log || cat initdb.log
somebody pg_ctl -D data -l log -w -t 200 -o "-k $PWD -c listen_addresses= -c fsync=off" start >/dev/null || cat log
trap 'somebody pg_ctl -D data -m immediate stop >/dev/null 2>&1 || true' EXIT
export PGUSER=postgres

somebody pgbench -h "$PWD" -i -s 1 -q postgres 2>/dev/null
somebody pgbench -h "$PWD" -c 4 -j 2 -t 50 postgres 2>/dev/null | grep -E '^number of (clients|threads|transactions)'
query -c 'SELECT count(*) FROM pgbench_history' \
    -c 'SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(delta) FROM pgbench_history),
               (SELECT sum(tbalance) FROM pgbench_tellers) = (SELECT sum(bbalance) FROM pgbench_branches)'

query <<'SQL'
CREATE TABLE numbers AS SELECT i, i * 7919 % 10007 AS hash, md5(i::text) AS text FROM generate_series(1, 60000) i;
CREATE INDEX ON numbers (hash);
ANALYZE numbers;
SELECT count(*), sum(a.i), count(DISTINCT b.text) FROM numbers a JOIN numbers b ON a.hash = b.hash AND a.i < 2000;
SELECT text, rank() OVER (ORDER BY text DESC) FROM numbers WHERE text ~ '^(ab|cd)+[0-9]{3}' ORDER BY text LIMIT 3;
SELECT trim_scale(2::numeric ^ 200), sqrt(2::numeric(60, 50)), exp(1::float8), (-7) / 2, 'infinity'::float8, 1e300::float8 * 1e5;
SELECT to_tsvector('english', 'The lyrebirds were imitating saws') @@ to_tsquery('imitate & lyrebird');
SELECT jsonb_path_query('{"a": [1, 2, {"b": 3}]}', '$.a[*].b'), array_agg(x ORDER BY x DESC) FROM unnest('{3,1,2}'::int[]) x;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT count(*), sum(i), sum(length(text)) FROM numbers WHERE hash % 3 = 1;
SET max_parallel_workers_per_gather = 0; SET jit = on; SET jit_above_cost = 0; SET jit_optimize_above_cost = 0;
SET jit_inline_above_cost = 0;
SELECT pg_jit_available();
SELECT sum(i * 3 - hash), sum(sqrt(i)::numeric(20, 6)), max(i % 1000 + hash * 0.5) FROM numbers WHERE hash % 3 = 1 AND i % 7 <> 2;
RESET ALL;
CREATE FUNCTION collatz(n bigint) RETURNS int LANGUAGE plpgsql AS $$
DECLARE steps int := 0;
BEGIN
    WHILE n <> 1 LOOP
        n := CASE WHEN n % 2 = 0 THEN n / 2 ELSE 3 * n + 1 END;
        steps := steps + 1;
    END LOOP;
    RETURN steps;
EXCEPTION WHEN numeric_value_out_of_range THEN RETURN -1;
END $$;
SELECT max(collatz(i)) FROM generate_series(1, 500) i;
SQL
query -c 'SELECT 1 / 0' 2>&1 || echo "status $?"
query -c 'SELECT pg_advisory_lock(7), pg_sleep(30)' >/dev/null 2>&1 &
until [[ $(query -c "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1 ]]; do sleep 0.1; done
query -c "SET lock_timeout = '200ms'" -c 'SELECT pg_advisory_lock(7)' 2>&1 || true
query -c "SELECT count(pg_cancel_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
wait $! || echo "cancelled with $?"
somebody pg_ctl -D data -w -t 200 -m fast stop >/dev/null
somebody pg_controldata data | grep 'cluster state'
