"""decimal, hashlib, fractions, math: long multiplication, digests, floating point to the last bit."""
import cmath, fractions, hashlib, hmac, math, random, statistics
from decimal import Context, Decimal, ROUND_CEILING, ROUND_HALF_EVEN, getcontext, localcontext

data = bytes(i * 131 % 251 for i in range(200_000))
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
    print(name, hashlib.new(name, data).hexdigest())
print(hashlib.shake_128(data).hexdigest(20), hmac.new(b"key", data, "sha256").hexdigest())
print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 300).hex())

getcontext().prec = 60
print(Decimal(2).sqrt(), Decimal(1) / Decimal(7), Decimal("1.1") ** 50, Decimal(10).ln(), Decimal("-3.5") % 2)
with localcontext(Context(prec=5, rounding=ROUND_CEILING)):
    print(Decimal("1.23456") + 0, Decimal("-1.23456") + 0)
print(Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_EVEN), Decimal("1E+1000") ** 2)

digits = str(math.factorial(400))
print(len(digits), digits[:20], digits[-110:-95], pow(3, 10**20, 10**9 + 7), (2**521 - 1) % 1000003, math.isqrt(10**41))
Fraction = fractions.Fraction
print(Fraction(355, 113) - Fraction(22, 7), Fraction(math.pi).limit_denominator(1000))
for function in (math.sin, math.cos, math.exp, math.log, math.sqrt, math.tanh, math.gamma, math.erf):
    print(function.__name__, function(1.25).hex())
print(math.fsum([0.1] * 10), math.hypot(3, 4), math.copysign(0.0, -1), math.remainder(7.5, 2), math.nextafter(1, 2))
print(cmath.sqrt(-1), cmath.exp(1j * math.pi).imag.hex(), complex(1, 2) ** 3)
print(round(2.5), round(-3.5), 7.0 // -2, -7 % 3.5)
print(float("inf") - float("inf"), int(1e22), float(2**53 + 1), (0.1).as_integer_ratio(), 5e-324 / 2, 1e308 * 10)
for wrong in (lambda: 1 / 0, lambda: math.sqrt(-1), lambda: math.exp(1000), lambda: int("x")):
    try:
        wrong()
    except (ArithmeticError, ValueError) as error:
        print(type(error).__name__)
random.seed(42)
sample = [random.gauss(0, 1) for _ in range(500)]
print(statistics.mean(sample), statistics.median(sample), random.getrandbits(100), random.sample(range(1000), 5))
matrix = [[random.random() for _ in range(12)] for _ in range(12)]
determinant = 1.0
for i in range(12):
    pivot = max(range(i, 12), key=lambda r: abs(matrix[r][i]))
    if pivot != i:
        matrix[i], matrix[pivot], determinant = matrix[pivot], matrix[i], -determinant
    determinant *= matrix[i][i]
    for r in range(i + 1, 12):
        factor = matrix[r][i] / matrix[i][i]
        matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[i])]
print(determinant.hex())
