// A guest that compiles: hot functions, types that change under compiled code, regular expressions, WebAssembly with traps, and a
// worker that shares memory.
'use strict';
const {Worker, isMainThread, workerData} = require('worker_threads');

function checksum(values) {
    let sum = 0;
    for (const value of values) sum = (Math.imul(sum, 31) + (value | 0)) | 0;
    return sum >>> 0;
}

function sieve(limit) {
    const composite = new Uint8Array(limit);
    const primes = [];
    for (let i = 2; i < limit; ++i) {
        if (composite[i]) continue;
        primes.push(i);
        for (let j = i * i; j < limit; j += i) composite[j] = 1;
    }
    return primes;
}

function multiply(a, b, n) {
    const c = new Float64Array(n * n);
    for (let i = 0; i < n; ++i) {
        for (let j = 0; j < n; ++j) {
            let sum = 0;
            for (let k = 0; k < n; ++k) sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
    }
    return c;
}

function add(a, b) {
    return a + b;
}

// Compiled for small integers, then for doubles, strings, big integers: code is thrown away each time.
function changingTypes() {
    let number = 0;
    for (let i = 0; i < 100000; ++i) number = add(number, i) | 0;
    let real = 0;
    for (let i = 0; i < 50000; ++i) real = add(real, 0.5);
    let text = '';
    for (let i = 0; i < 2000; ++i) text = add(text, String.fromCharCode(97 + i % 26));
    let big = 1n;
    for (let i = 0; i < 300; ++i) big = add(big, big);
    return [number, real, text.length, big.toString().slice(0, 12)].join(' ');
}

class Shape {
    constructor(size) {
        this.size = size;
    }
    area() {
        return this.size;
    }
}
class Square extends Shape {
    area() {
        return this.size * this.size;
    }
}
class Box extends Square {
    area() {
        return super.area() * 6;
    }
}

function virtualCalls() {
    const shapes = [];
    for (let i = 0; i < 3000; ++i) shapes.push(new [Shape, Square, Box][i % 3](i % 50));
    let sum = 0;
    for (let round = 0; round < 30; ++round) for (const shape of shapes) sum += shape.area();
    return sum;
}

function exceptions() {
    let caught = 0, finished = 0;
    const deep = depth => {
        if (depth === 0) throw new RangeError('deep');
        try {
            return deep(depth - 1);
        } finally {
            ++finished;
        }
    };
    for (let i = 0; i < 2000; ++i) {
        try {
            deep(i % 20);
        } catch (error) {
            if (error instanceof RangeError) ++caught;
        }
    }
    try {
        (function endless() {
            return 1 + endless();
        })();
    } catch (error) {
        caught += error instanceof RangeError ? 1000000 : 0;
    }
    return `${caught} ${finished}`;
}

function* numbers(count) {
    for (let i = 0; i < count; ++i) yield i * 7 % 1000;
}

function collections() {
    const map = new Map();
    for (const number of numbers(60000)) map.set(`key${number}`, (map.get(`key${number}`) || 0) + 1);
    const sorted = [...map].sort((a, b) => a[0] < b[0] ? -1 : 1);
    return checksum(sorted.map(([key, count]) => key.length * 1000 + count));
}

function expressions() {
    let text = '';
    for (let i = 0; i < 3000; ++i) text += `${i}:name${i % 17}@host${i % 5}.example; `;
    const matches = text.match(/(\d+):([a-z]+\d)\d*@(host[0-3])\.example/g);
    const replaced = text.replace(/name(\d+)@host(\d)/g, (all, a, b) => `${b}/${a}`);
    return `${matches.length} ${replaced.length} ${checksum(Buffer.from(replaced))}`;
}

// Lengths before contents, as the binary format has them; all are below 128.
const sized = bytes => [bytes.length, ...bytes];
const section = (id, ...parts) => [id, ...sized([parts.length, ...parts.flat()])];
const exported = (name, kind, index) => [...sized([...Buffer.from(name)]), kind, index];

// A memory of one page; sum(limit) adds its words below `limit`; divide(a, b).
function webAssembly() {
    const i32 = 127, none = 64;
    const sumBody = [
        1, 2, i32, 2, none, 3, none, 32, 1, 32, 0, 78, 13, 1, 32, 2, 32, 1, 40, 2, 0, 106, 33, 2, 32, 1, 65, 4, 106, 33, 1,
        12, 0, 11, 11, 32, 2, 11,
    ];
    const divideBody = [0, 32, 0, 32, 1, 109, 11];
    const bytes = Uint8Array.from([
        ...[0, 97, 115, 109, 1, 0, 0, 0],
        ...section(1, [96, 1, i32, 1, i32], [96, 2, i32, i32, 1, i32]),
        ...section(3, [0], [1]),
        ...section(5, [0, 1]),
        ...section(7, exported('sum', 0, 0), exported('divide', 0, 1), exported('memory', 2, 0)),
        ...section(10, sized(sumBody), sized(divideBody)),
    ]);
    const {sum, divide, memory} = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    const words = new Int32Array(memory.buffer);
    for (let i = 0; i < words.length; ++i) words[i] = Math.imul(i, 2654435761);
    let total = 0;
    for (let round = 0; round < 100; ++round) total = (total + sum(65536)) | 0;
    let traps = 0;
    for (let round = 0; round < 200; ++round) {
        try {
            sum(65536 + 4);
        } catch (error) {
            traps += error instanceof WebAssembly.RuntimeError ? 1 : 0;
        }
        try {
            divide(round, 0);
        } catch (error) {
            traps += error instanceof WebAssembly.RuntimeError ? 1000 : 0;
        }
    }
    return `${total} ${traps} ${divide(-7, 2)}`;
}

function main() {
    console.log('primes', checksum(sieve(200000)));
    const n = 48, a = new Float64Array(n * n), b = new Float64Array(n * n);
    for (let i = 0; i < n * n; ++i) a[i] = i % 17 / 4, b[i] = i % 23 / 8;
    let c = a;
    for (let round = 0; round < 20; ++round) c = multiply(c, b, n).map(x => x % 64);
    console.log('matrices', checksum(c.map(x => x * 1024)));
    console.log('types', changingTypes());
    console.log('calls', virtualCalls());
    console.log('exceptions', exceptions());
    console.log('collections', collections());
    console.log('expressions', expressions());
    console.log('webassembly', webAssembly());

    const shared = new SharedArrayBuffer(8);
    const words = new Int32Array(shared);
    const worker = new Worker(__filename, {workerData: shared});
    for (let i = 0; i < 200000; ++i) Atomics.add(words, 0, 1);
    worker.on('exit', status => console.log('worker', status, words[0], words[1]));
}

if (!isMainThread) {
    const words = new Int32Array(workerData);
    for (let i = 0; i < 200000; ++i) Atomics.add(words, 0, 1);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
} else {
    main();
}
