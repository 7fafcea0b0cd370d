"""A walk through the standard library: every test here imports other C code or another part of the interpreter."""
import ast, bz2, contextlib, csv, dataclasses, datetime, enum, functools, gc, glob, gzip, heapq, inspect, io, lzma, os
import pathlib, pickle, shutil, stat, tarfile, tempfile, time, traceback, types, weakref, xml.etree.ElementTree, zipfile
import zoneinfo

place = pathlib.Path(tempfile.mkdtemp())
(place / "deep" / "er").mkdir(parents=True)
for i in range(20):
    (place / "deep" / f"file{i}.txt").write_text("line\n" * i)
print(sorted(p.name for p in place.rglob("file1*.txt")), sum(p.stat().st_size for p in place.rglob("*.txt")))
os.symlink("file3.txt", place / "deep" / "link")
print(os.readlink(place / "deep" / "link"), stat.filemode(os.lstat(place / "deep" / "link").st_mode))
os.utime(place / "deep" / "file5.txt", ns=(10**18, 10**18 + 123456789))
print((place / "deep" / "file5.txt").stat().st_mtime_ns)
for compressor in (gzip, bz2, lzma):
    assert compressor.decompress(compressor.compress(b"squeeze " * 5000)) == b"squeeze " * 5000
with tarfile.open(place / "all.tar.xz", "w:xz") as archive:
    archive.add(place / "deep", "deep")
with zipfile.ZipFile(place / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(place.glob("deep/*.txt")):
        archive.write(path, path.name)
    print(archive.testzip(), len(archive.namelist()))
with tarfile.open(place / "all.tar.xz") as archive:
    print(len(archive.getmembers()))
shutil.rmtree(place)
print(glob.glob(str(place)))


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: float = 0.5
    tags: list = dataclasses.field(default_factory=list)


Colour = enum.Flag("Colour", "RED GREEN BLUE")
print(Point(1) < Point(2), pickle.loads(pickle.dumps([Point(3, 4.5, ["a"]), Colour.RED | Colour.BLUE], 5)))
print(eval(compile(ast.parse("[x ** 2 for x in range(10) if x % 3]", mode="eval"), "text", "eval")))
tree = xml.etree.ElementTree.fromstring("<a b='1'><c>text &amp; more</c><c/></a>")
print(tree.attrib, [element.text for element in tree.iter("c")])
table = io.StringIO()
csv.writer(table).writerows([["a", 'quote "x"', 3.5], ["new\nline", "", None]])
print(list(csv.reader(io.StringIO(table.getvalue()))))
moment = datetime.datetime(2024, 3, 31, 1, 30, tzinfo=datetime.timezone.utc)
print(moment.astimezone(zoneinfo.ZoneInfo("UTC")).isoformat(), moment.strftime("%A %j %U"))
print(moment + datetime.timedelta(days=400))
print(time.strftime("%Y-%m-%d", time.gmtime(0)), time.mktime((2020, 1, 1, 0, 0, 0, 0, 0, 0)))


@functools.lru_cache(None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def generate():
    with contextlib.suppress(GeneratorExit):
        received = 0
        while True:
            received = yield received * 2


generator = generate()
next(generator)
print(fibonacci(300), [generator.send(i) for i in range(4)], list(heapq.merge([1, 4, 7], [2, 5], [0, 9])))


def recurse(depth):
    return 0 if depth == 0 else 1 + recurse(depth - 1)


print(recurse(900))
try:
    recurse(10**6)
except RecursionError:
    print("recursion is limited")


class Node:
    pass


gone = []
for _ in range(100):
    node = Node()
    node.self = node
    weakref.finalize(node, gone.append, 1)
del node
gc.collect()
print(len(gone), inspect.signature(Point), types.SimpleNamespace(a=1))
try:
    raise ValueError("first") from KeyError("cause")
except ValueError as error:
    print(len(traceback.format_exception(error)) > 3, repr(error.__cause__))
print(len({i: str(i) for i in range(30000)}), sum(i * i for i in range(30000)))
print(sorted(str(i) for i in range(20000))[::3000])
