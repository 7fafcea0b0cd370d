# The guest's compiler builds programs inside the guest, and they run there.
set -e
cat >shape.h <<'END'
struct shape { double (*area)(const struct shape *); double a, b; };
double total(const struct shape *shapes, int count);
END
cat >shape.c <<'END'
#include "shape.h"
double total(const struct shape *shapes, int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += shapes[i].area(&shapes[i]);
    return sum;
}
END
cat >main.c <<'END'
#include "shape.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static double circle(const struct shape *s) { return 3.141592653589793 * s->a * s->a; }
static double box(const struct shape *s) { return s->a * s->b; }
static _Thread_local int private_number;
static void *work(void *argument) { private_number += *(int *)argument; return (void *)(long)private_number; }
static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
int main(int argc, char **argv) {
    struct shape shapes[] = {{circle, 1.5, 0}, {box, 2, 3.25}, {circle, .25, 0}};
    printf("%.12f %d %s\n", total(shapes, 3), argc, argv[argc - 1]);
    pthread_t thread;
    int seven = 7;
    void *result;
    pthread_create(&thread, 0, work, &seven);
    pthread_join(thread, &result);
    printf("%ld %d\n", (long)result, private_number);
    char *words[] = {"pear", "apple", "quince", "fig"};
    qsort(words, 4, sizeof *words, compare);
    printf("%s %s %s\n", words[0], words[3], strerror(ENOENT));
    printf("%a %Lf %.17g\n", sin(1), 1.0L / 3, strtod("0.1", 0));
    unsigned __int128 wide = (unsigned __int128)-1 / 12345;
    printf("%llx %llx\n", (unsigned long long)(wide >> 64), (unsigned long long)wide);
    return 7;
}
END
for options in -O0 -O2 '-O1 -static' '-Os -no-pie' '-O2 -g -fno-plt -flto'; do
    gcc $options -Wall -o program main.c shape.c -lm -pthread
    status=0
    ./program "with $options" || status=$?
    echo "status $status"
done
gcc -O2 -fPIC -shared -o libshape.so shape.c
cat >loader.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
    void *library = dlopen("./libshape.so", RTLD_NOW);
    printf("%s %d\n", library && dlsym(library, "total") ? "found" : dlerror(), dlopen("./none.so", RTLD_NOW) != 0);
}
END
gcc loader.c -o loader && ./loader
gcc -E -P - <<<'#define TWICE(x) x x
TWICE(word)'
echo 'int main(void) { return undeclared; }' | gcc -xc - 2>/dev/null || echo "refused: $?"
gcc -O2 -S -o - shape.c | grep -c total
ar rcs libshape.a shape.o 2>/dev/null || { gcc -c shape.c && ar rcs libshape.a shape.o; }
nm libshape.a | grep -c ' T total'
gcc main.c -L. -l:libshape.a -lm -o linked && ./linked last | tail -n 1
strip linked && ./linked last | head -n 1
cat >sort.c <<'END'
#include <stdio.h>
#include <stdlib.h>
static int less(const void *a, const void *b) {
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}
int main(void) {
    enum { count = 100000 };
    unsigned *numbers = malloc(count * sizeof *numbers), seed = 1, sum = 0;
    for (int i = 0; i < count; ++i) numbers[i] = seed = seed * 1664525 + 1013904223;
    qsort(numbers, count, sizeof *numbers, less);
    for (int i = 0; i < count; ++i) sum = sum * 31 + numbers[i];
    printf("%u %u %u\n", numbers[0], numbers[count - 1], sum);
    free(numbers);
}
END
gcc -O3 sort.c -o sorted && ./sorted
