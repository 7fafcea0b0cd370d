"""sqlite3: a database in a file, transactions, functions called back from C, a second connection."""
import sqlite3

connection = sqlite3.connect("birds.db")
connection.execute("pragma journal_mode = wal")
connection.executescript("""
    create table bird (id integer primary key, name text unique, weight real, egg blob);
    create index by_weight on bird (weight);
""")
connection.executemany("insert into bird (name, weight, egg) values (?, ?, ?)",
                       [(f"bird {i * 37 % 1000}", i * 1.25, bytes([i % 256] * 5)) for i in range(1000)])
connection.commit()
print(connection.execute("select count(*), sum(weight), max(name), hex(egg) from bird where id > 500").fetchone())
print(connection.execute("select id, name from bird where weight between 100 and 103 order by name desc").fetchall())

connection.create_function("reverse", 1, lambda text: text[::-1])
connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(connection.execute("select reverse(name) from bird order by name collate backwards limit 3").fetchall())


class Spread:
    def __init__(self):
        self.values = []

    def step(self, value):
        self.values.append(value)

    def finalize(self):
        return max(self.values) - min(self.values)


connection.create_aggregate("spread", 1, Spread)
print(connection.execute("select id % 4, spread(weight) from bird group by 1").fetchall())
try:
    with connection:
        connection.execute("delete from bird")
        connection.execute("insert into bird (id, name) values (1, 'a'), (1, 'b')")
except sqlite3.IntegrityError as error:
    print(error, connection.execute("select count(*) from bird").fetchone())
second = sqlite3.connect("birds.db", timeout=0.1)
connection.execute("begin immediate")
try:
    second.execute("insert into bird (name) values ('blocked')")
except sqlite3.OperationalError as error:
    print(error)
connection.rollback()
print(second.execute("with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000) "
                     "select sum(x), group_concat(x % 10, '') like '%789%' from n").fetchone())
copy = sqlite3.connect(":memory:")
second.backup(copy)
print(copy.execute("select count(*) from bird").fetchone(), copy.execute("pragma integrity_check").fetchone())
print(sum(len(line) for line in copy.iterdump()))
