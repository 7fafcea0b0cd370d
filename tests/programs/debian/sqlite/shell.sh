# The sqlite3 shell: queries that sort, join, recurse and aggregate, an import, a dump that loads again.
set -e
sqlite3 birds.db <<'END'
create table bird (id integer primary key, family text, weight real, note text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
insert into bird
select i, 'family ' || (i * 7919 % 97), (i * 31 % 1009) / 8.0, printf('%08x', i * 2654435761 & 4294967295) from n;
create index by_family on bird (family, weight);
.mode list
select count(*), sum(weight), min(note), max(note) from bird;
select family, count(*), round(avg(weight), 4) from bird group by family order by 3 desc limit 5;
select a.id, b.id from bird a join bird b on a.weight = b.weight and a.family = b.family
where a.id < b.id order by 1, 2 limit 5;
select id, weight, rank() over (partition by family order by weight desc) r from bird
where id % 1000 = 0 order by r, id;
begin; delete from bird where id % 2; select changes(), total_changes() > 20000; rollback;
select count(*) from bird;
update bird set note = upper(note) where family like '%7'; select changes();
create table t (a, b, primary key (a, b)) without rowid;
insert into t values (2, 'b'), (1, 'z'), (2, 'a');
select * from t;
create trigger watch after insert on t begin update t set b = b || '!' where a = 1; end;
insert into t values (3, x'00ff');
select a, quote(b), typeof(b) from t;
select json_extract('{"a": [1, {"b": 2.5}]}', '$.a[1].b'), json_group_array(a) from t;
select date('2024-01-31', '+1 month'), strftime('%s', '2000-01-01'), julianday('2024-02-29');
select round(exp(1), 10), round(ln(10), 10), sqrt(2) from (select 1);
select 9223372036854775807 + 1, 1 / 0, 7 % -3, 1e308 * 10, '12abc' + 1, 0.1 + 0.2 = 0.3, cast(2.9 as integer);
explain query plan select * from bird where family = 'x' order by weight;
pragma integrity_check;
.mode csv
.once export.csv
select * from bird where id <= 500;
END
wc export.csv
sqlite3 birds.db .dump | sqlite3 copy.db
sqlite3 copy.db <<'END'
select count(*), sum(weight) from bird;
attach "birds.db" as old;
select count(*) from (select * from bird except select * from old.bird);
END
sqlite3 copy.db -cmd '.import --csv export.csv imported' 'select count(*) from imported'
sqlite3 copy.db 'vacuum; pragma page_count' | awk '{ print ($1 > 100) }'
sqlite3 copy.db 'select nonsense' 2>/dev/null || echo refused
for i in 1 2 3 4; do
    sqlite3 birds.db ".timeout 60000" "insert into t values ($((i + 10)), 'parallel')" &
done
wait
sqlite3 birds.db "select count(*) from t where b = 'parallel'"
