# LuaJIT: traces that are compiled, linked, left and thrown away; calls of C by its own foreign functions.
set -e
cat >program.lua <<'LUA'
local bit, ffi = require 'bit', require 'ffi'
assert(jit.status())
local function sieve(n)
    local composite, count = {}, 0
    for i = 2, n do
        if not composite[i] then
            count = count + 1
            for j = i * i, n, i do composite[j] = true end
        end
    end
    return count
end
print('primes', sieve(200000))
local hash = 1
for i = 1, 2000000 do hash = bit.bxor(bit.rol(hash, 5), i * 7) end
print('bits', bit.tohex(hash))
local x, y = 0.5, 0
for i = 1, 1000000 do x = 3.7 * x * (1 - x); y = y + math.floor(x * 1000) % 7 end
print('floats', string.format('%.12f %d', x, y))
ffi.cdef 'typedef struct { double x, y; int32_t n; uint8_t small; } point; size_t strlen(const char *); int abs(int); double pow(double, double); int snprintf(char *, size_t, const char *, ...); void qsort(void *, size_t, size_t, int (*)(const int *, const int *));'
local points = ffi.new('point[?]', 1000)
for round = 1, 50 do
    for i = 0, 999 do local p = points[i]; p.x = p.x + i / 4; p.y = p.y - p.x; p.n = p.n + 3; p.small = p.small + 7 end
end
print('structures', points[999].x, points[500].y, points[3].n, points[9].small)
local wide = 1ULL
for i = 1, 200000 do wide = wide * 6364136223846793005ULL + 1442695040888963407ULL end
print('wide', tostring(wide))
local length = 0
for i = 1, 50000 do length = length + tonumber(ffi.C.strlen('word')) + ffi.C.abs(-i) end
print('calls', length, ffi.C.pow(2, 0.5))
local buffer = ffi.new('char[64]')
ffi.C.snprintf(buffer, 64, '%d %.3f %s', ffi.cast('int', 42), 2.5, 'text')
print('variable', ffi.string(buffer))
local numbers = ffi.new('int[200]')
for i = 0, 199 do numbers[i] = i * 7919 % 1009 end
local less = ffi.cast('int (*)(const int *, const int *)', function(a, b) return a[0] - b[0] end)
ffi.C.qsort(numbers, 200, 4, less)
less:free()
print('callbacks', numbers[0], numbers[100], numbers[199])
local function producer(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for i in producer(50000) do sum = sum + i end
print('coroutines', sum)
local text = {}
for i = 1, 20000 do text[#text + 1] = ('%x'):format(i * 7919 % 65536) end
local all = table.concat(text, ' ')
local matches = 0
for word in all:gmatch('%x+') do if word:find('^[a-f]') then matches = matches + #word end end
print('strings', #all, matches, (all:gsub('%d', ''):sub(1, 20)))
local caught = 0
for i = 1, 20000 do
    local ok, why = pcall(function() if i % 5 == 0 then error({ code = i }) end return i + nil_value end)
    caught = caught + (type(why) == 'table' and why.code or 1)
end
print('errors', caught)
local function polymorphic(v) return type(v) == 'number' and v + 1 or #v end
local total = 0
for i = 1, 300000 do total = total + polymorphic(i % 17 == 0 and 'abc' or i) end
print('types', total)
-- Thousands of different loops: the room for traces runs out and all are flushed.
local made = 0
for i = 1, 1500 do made = made + loadstring('local s = 0 for i = 1, 120 do s = s + i % ' .. i % 13 + 2 .. ' * ' .. i .. ' end return s')() end
print('made', made)
local meta = setmetatable({}, { __index = function(_, k) return k * 2 end, __add = function(a, b) return 7 end, __call = function(_, a) return a end })
local s = 0
for i = 1, 200000 do s = s + meta[i] + (meta + 1) + meta(i) end
print('tables', s)
LUA
luajit program.lua
luajit -joff -e 'print(select("#", 1, nil, 3))'
