# OpenJDK with every method compiled before its first call, the library's own included.
set -e
PATH=$(echo /usr/lib/jvm/java-*-openjdk-*/bin | awk '{ print $1 }'):$PATH
java -version 2>&1 | grep -c 'Server VM'
cat >Hello.java <<'JAVA'
public class Hello {
    static int[] nowhere;
    public static void main(String[] arguments) {
        int sum = 0;
        for (int i = 0; i < 300000; ++i) sum = sum * 31 + (i ^ sum >>> 7);
        try { sum += nowhere.length; } catch (NullPointerException e) { sum += 1; }
        System.out.println("hello " + sum + " " + String.format("%.6f", Math.cbrt(sum)));
    }
}
JAVA
javac -J-XX:TieredStopAtLevel=1 -d . Hello.java
java -Xcomp Hello
