"""json, re and the string types: parsers, hash tables, reference counts."""
import base64, bisect, collections, difflib, itertools, json, random, re, string, struct, textwrap, unicodedata, zlib

random.seed(7)
words = ["".join(random.choices(string.ascii_lowercase, k=random.randint(2, 9))) for _ in range(400)]
nested = [{"index": i, "half": i / 2, "flag": i % 3 == 0, "none": None} for i in range(50)]
document = {"words": words, "nested": nested, "unicode": "grüße 日本語 🐦 \u0000 \"quoted\""}
text = json.dumps(document, sort_keys=True)
assert json.loads(text) == document
assert json.loads(json.dumps(document, indent=2, ensure_ascii=False)) == document
print(len(text), zlib.crc32(text.encode()), zlib.adler32(text.encode()))
for number in ("1e308", "-0.0", "123456789012345678901234567890", "2.5e-324", "0.1"):
    print(number, json.loads(number), repr(json.loads(number)))
try:
    json.loads('{"a": [1, 2,, 3]}')
except ValueError as error:
    print(type(error).__name__, error.pos)

sentence = " ".join(words)
print(collections.Counter(re.findall(r"[aeiou]{2,}", sentence)).most_common(5))
print(re.sub(r"\b(\w)(\w*)\b", lambda m: m[2] + m[1], sentence)[:60])
print(re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?$", "2024-02-29").groupdict())
print(re.split(r"(?<=[aeiou])(?=[^aeiou ])", sentence)[:8])
print(bool(re.fullmatch(r"(a+)+b", "a" * 18 + "c")), len(re.findall(r"(?i)Q.*?[x-z]", sentence)))

print(struct.pack("<bhiqfd", -1, -2, -3, -4, 1.5, -2.25).hex(), struct.unpack(">HI", bytes(range(6))))
print(base64.b85encode(bytes(range(32))).decode(), "%.17g" % (0.1 + 0.2), f"{1234567.891:,.2f}", float.hex(1 / 3))
print(unicodedata.normalize("NFD", "é").encode("unicode_escape"), "ß".upper(), "ΑΣ".lower())
print(textwrap.fill(sentence[:150], 40))
print(sum(1 for _ in itertools.permutations(range(7))), [f"{x:e}" for x in (1e22, 1e23, 5e-324)])
print("\n".join(difflib.unified_diff(words[:6], words[1:4] + words[6:8], lineterm="")))
print(sorted(words, key=lambda w: (len(w), w[::-1]))[::60], bisect.bisect(sorted(words), "mm"))
data = zlib.compress(text.encode() * 20, 6)
assert zlib.decompress(data) == text.encode() * 20
print(hash(3.5), hash(2**61), hash((1, 2, 3)), [round(x / 7, 3) for x in range(5)])
