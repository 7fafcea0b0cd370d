# OpenJDK: its compiler, then a program with threads, exceptions from machine faults, and a heap; interpreted, compiled in tiers, compiled at first sight.
set -e
PATH=$(echo /usr/lib/jvm/java-*-openjdk-*/bin | awk '{ print $1 }'):$PATH
cat >Program.java <<'JAVA'
import java.security.MessageDigest;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class Program {
    interface Shape { double area(); }
    record Circle(double r) implements Shape { public double area() { return Math.PI * r * r; } }
    record Box(double a, double b) implements Shape { public double area() { return a * b; } }
    static int[] nowhere;

    static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

    static int caught(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; ++i) {
            try {
                switch (i % 4) {
                    case 0 -> sum += nowhere[i];                       // a load from address 0
                    case 1 -> sum += 1 / (i % 1);
                    case 2 -> sum += new int[i % 7][9 + i % 2].length + new int[3][2][3].length;
                    default -> { Object o = i; sum += ((String) o).length(); }
                }
            } catch (NullPointerException e) { sum += 1;
            } catch (ArithmeticException e) { sum += 10;
            } catch (ArrayIndexOutOfBoundsException e) { sum += 100;
            } catch (ClassCastException e) { sum += 1000; }
        }
        return sum;
    }

    static int deep(int n) { return 1 + deep(n + 1); }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        System.out.println(fib(20 + rounds) + " " + caught(4000 * rounds));
        try { deep(0); } catch (StackOverflowError e) { System.out.println("too deep"); }
        double area = 0;
        for (int i = 0; i < 20000 * rounds; ++i) area += (i % 2 == 0 ? new Circle(i % 100 / 7.0) : new Box(i % 50, 1.5)).area();
        System.out.println(area + " " + (float) Math.sin(area) + " " + (int) Double.NaN + " " + (long) 1e30 + " " + Math.fma(0.1, 10, -1));

        ExecutorService pool = Executors.newFixedThreadPool(6);
        LongAdder adder = new LongAdder();
        AtomicInteger counter = new AtomicInteger();
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        Object lock = new Object();
        int[] guarded = {0};
        List<Future<Integer>> futures = new ArrayList<>();
        for (int t = 0; t < 12; ++t) {
            int me = t;
            futures.add(pool.submit(() -> {
                for (int i = 0; i < 1000 * rounds; ++i) {
                    adder.increment();
                    counter.incrementAndGet();
                    map.merge(i % 97, me, Integer::sum);
                    synchronized (lock) { guarded[0] += i; }
                }
                return me;
            }));
        }
        int sum = 0;
        for (Future<Integer> future : futures) sum += future.get();
        pool.shutdown();
        System.out.println(sum + " " + adder.sum() + " " + counter + " " + map.values().stream().mapToInt(x -> x).sum() + " " + guarded[0]);
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        Thread producer = new Thread(() -> {
            try { for (int i = 0; i < 500 * rounds; ++i) queue.put(i); } catch (InterruptedException e) { throw new Error(e); }
        });
        producer.start();
        long taken = 0;
        for (int i = 0; i < 500 * rounds; ++i) taken += queue.take();
        Thread sleeper = new Thread(() -> {
            try { Thread.sleep(100000); } catch (InterruptedException e) { System.out.println("interrupted"); }
        });
        sleeper.start();
        sleeper.interrupt();
        sleeper.join();
        System.out.println(taken + " " + IntStream.range(0, 20000 * rounds).parallel().mapToLong(x -> (long) x * x % 101).sum());

        List<byte[]> live = new ArrayList<>();
        for (int i = 0; i < 15000 * rounds; ++i) {
            byte[] bytes = new byte[1000 + i % 500];
            bytes[5] = (byte) i;
            if (live.size() < 2000) live.add(bytes); else live.set(i % 2000, bytes);
        }
        System.gc();
        int kept = 0;
        for (byte[] bytes : live) kept += bytes[5];
        String text = IntStream.range(0, 5000).mapToObj(i -> Integer.toString(i * 7919 % 10007, 36)).sorted().collect(Collectors.joining(" "));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes());
        System.out.println(kept + " " + HexFormat.of().formatHex(digest) + " " + text.replaceAll("[0-9]+(?=[a-f])", "").hashCode());
        System.out.println(new java.math.BigInteger("3").pow(200).mod(java.math.BigInteger.TWO.pow(127).subtract(java.math.BigInteger.ONE)));
        Process child = new ProcessBuilder("sh", "-c", "echo from the shell; exit 3").redirectErrorStream(true).start();
        System.out.println(new String(child.getInputStream().readAllBytes()).trim() + " " + child.waitFor());
    }
}
JAVA
javac -J-XX:TieredStopAtLevel=1 -d . Program.java
for options in '-Xint 1' '-XX:+UseSerialGC 4' '-XX:+UseG1GC 3' '-XX:+UseZGC 2'; do
    echo "with ${options% *}"
    java -Xmx256m ${options% *} Program "${options##* }"
done
