# A large file: the guest's compiler makes of it, bit by bit, what the same compiler makes of it on another machine. The riscv64
# guest has a later compiler than this machine's; there what its code computes must be right.
set -e
awk -v functions=100 'function some(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function variable() { return substr("abcdxyz", some(7) + 1, 1) }
function whole(depth,    left, right) {
    if (depth == 0) return some(4) ? variable() : some(3) ? some(1000) - 300 : some(100000) "ull * " some(32000) * 65521
    left = whole(depth - 1)
    right = whole(depth - 1 - (depth > 1 && some(2)))
    if (some(9) == 0) return "(" left " < " right " ? " variable() " : " whole(depth - 1) ")"
    if (some(12) == 0) return "__builtin_popcountll(" left ")"
    if (some(9) == 0) return "(" left operators[some(4) + 7] some(30) + 1 ")"
    if (some(9) == 0) return "(" left " >> (" right " & 31))"
    return "(" left operators[some(7)] right ")"
}
function real(depth) {
    if (depth == 0) return some(3) ? substr("pqr", some(3) + 1, 1) : some(1000) / 8 + 0.5
    return "(" real(depth - 1) substr("+-*/", some(4) + 1, 1) real(depth - 1) ")"
}
function statement(    kind, arm, text) {
    kind = some(9)
    if (kind < 3) return sprintf("  %s = %s;\n", variable(), whole(3))
    if (kind == 3) return sprintf("  for (int i = 0; i < %d; ++i) t[i & 15] += %s ^ i;\n", some(60) + 2, whole(2))
    if (kind == 4) return sprintf("  for (int i = 0; i < 16; ++i) f[i] = f[i] * %s + (double)(int)%s;\n", real(1), variable())
    if (kind == 5) return sprintf("  if (%s > %s) %s = %s; else t[%d] = %s;\n", real(2), real(1), variable(), whole(2), some(16), whole(2))
    if (kind == 6) return sprintf("  p = %s; q = f[%s & 15] - %s;\n", real(3), variable(), real(2))
    if (kind == 7) return sprintf("  s[%s & 7] = (struct part){(short)%s, (unsigned char)%s, %s};\n", variable(), variable(), variable(), real(1))
    text = sprintf("  switch (%s & 7) {\n", variable())
    for (arm = 0; arm < 7; ++arm) text = text sprintf("  case %d: %s %s= %s + s[%d].%s; break;\n", arm, variable(), some(2) ? "^" : "+", whole(2), arm, arm % 2 ? "small" : "byte")
    return text "  }\n"
}
BEGIN {
    seed = 42
    split(" + , - , * , ^ , | , & , + , / , % , << , >> ", list, ",")
    for (i = 1; i <= 11; ++i) operators[i - 1] = list[i]
    print "typedef unsigned long long u64;\nextern int printf(const char *, ...);\nstruct part { short small; unsigned char byte; float real; };"
    print "static u64 t[16]; static double f[16]; static struct part s[8];"
    for (n = 0; n < functions; ++n) {
        printf "__attribute__((noinline)) u64 f%d(u64 a, unsigned b, int c, long d) {\n", n
        print "  u64 x = a ^ d; unsigned y = b + 7; long z = c; double p = b * 0.25, q = c, r = 1.5;"
        for (line = some(9) + 4; line > 0; --line) printf "%s", statement()
        if (n) printf "  if (a & 1) x += f%d(a >> 1, y, c, z);\n", some(n)
        print "  return a + b + c + d + x + y + z + (p > q) + (r < q);\n}"
    }
    print "int main(void) {\n  u64 sum = 0;"
    for (n = 0; n < functions; ++n) printf "  sum = sum * 31 + f%d(%d, %d, %d, %d);\n", n, some(9999), some(9999), some(9999), some(9999)
    print "  printf(\"%llx\\n\", sum);\n}"
}' >large.c
echo "$(grep -c . <large.c) lines"
case $(uname -m) in
x86_64) gcc=aarch64-linux-gnu-gcc ;;
*) gcc=gcc ;;
esac
if [[ $(uname -m) == riscv64 ]]; then
    $gcc -O2 -fwrapv -ffp-contract=off -w large.c -o large
    ./large
else
    $gcc -O2 -fwrapv -fno-ident -w -c large.c
    md5sum large.o
fi
