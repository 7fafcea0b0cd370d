"""ctypes: calls by the guest's own calling convention, callbacks, structures by value, errno, mmap."""
import ctypes, ctypes.util, errno, mmap, os

c = ctypes.CDLL(None, use_errno=True)
m = ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")
c.strlen.restype = ctypes.c_size_t
print(c.strlen(b"twelve chars"), c.abs(-5), c.toupper(ord("q")))
m.pow.restype, m.pow.argtypes = ctypes.c_double, (ctypes.c_double, ctypes.c_double)
m.sqrtf.restype, m.sqrtf.argtypes = ctypes.c_float, (ctypes.c_float,)
print(m.pow(2.0, 0.5).hex(), m.sqrtf(2.0))
text = ctypes.create_string_buffer(100)
c.snprintf(text, ctypes.c_size_t(100), b"%d %s %lld %c", 42, b"words", ctypes.c_longlong(-7), 65)
print(text.value)

compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 9)(5, 1, 8, -3, 9, 0, 2, 2, 7)
c.qsort(numbers, ctypes.c_size_t(9), ctypes.c_size_t(4), compare(lambda a, b: a[0] - b[0]))
print(list(numbers))


class Division(ctypes.Structure):
    _fields_ = [("quotient", ctypes.c_long), ("remainder", ctypes.c_long)]


c.ldiv.restype, c.ldiv.argtypes = Division, (ctypes.c_long, ctypes.c_long)
result = c.ldiv(100, 7)
print(result.quotient, result.remainder, ctypes.sizeof(Division))
many = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double, ctypes.c_int] * 8)(lambda *values: sum(values))
print(many(*range(16)))
print(c.open(b"/no/such/file", os.O_RDONLY), errno.errorcode[ctypes.get_errno()])


class Bits(ctypes.Structure):
    _fields_ = [("a", ctypes.c_uint, 3), ("b", ctypes.c_uint, 13), ("c", ctypes.c_short)]


bits = Bits(5, 1234, -2)
print(bytes(bits).hex(), bits.a, bits.b, bits.c, ctypes.sizeof(ctypes.c_longdouble))
with open("mapped", "wb+") as file:
    file.truncate(3 * mmap.PAGESIZE)
    with mmap.mmap(file.fileno(), 0) as view:
        view[5000:5005] = b"hello"
        view.flush()
        print(os.pread(file.fileno(), 5, 5000), view.find(b"lo"), len(view))
anonymous = mmap.mmap(-1, 8192)
if os.fork() == 0:
    anonymous[0:5] = b"child"
    os._exit(0)
os.wait()
print(anonymous[0:5])
