// Quicksort and binary search: branches that nobody can predict, short loops.
#include "../bench.h"

enum { count = 4096 };

static void swap(uint32_t* a, uint32_t* b) {
    uint32_t old = *a;
    *a = *b;
    *b = old;
}

static void insertion_sort(uint32_t* first, uint32_t* last) {
    for (uint32_t* i = first + 1; i < last; ++i) {
        uint32_t value = *i;
        uint32_t* hole = i;
        for (; hole > first && hole[-1] > value; --hole) *hole = hole[-1];
        *hole = value;
    }
}

static void quicksort(uint32_t* first, uint32_t* last) {
    while (last - first > 12) {
        uint32_t pivot = first[(last - first) / 2];
        uint32_t *low = first, *high = last - 1;
        while (low <= high) {
            while (*low < pivot) ++low;
            while (*high > pivot) --high;
            if (low <= high) swap(low++, high--);
        }
        quicksort(first, high + 1);
        first = low;
    }
    insertion_sort(first, last);
}

static int search(const uint32_t* values, uint32_t wanted) {
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (values[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int main(int argc, char** argv) {
    static uint32_t values[count];
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        for (int i = 0; i < count; ++i) values[i] = (uint32_t)random_next(&state);
        quicksort(values, values + count);
        for (int i = 0; i < count; ++i) sum += (uint32_t)search(values, (uint32_t)random_next(&state));
        sum = mix(sum, values[count / 2]);
    }
    return report(sum);
}
