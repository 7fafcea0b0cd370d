// Follows a random cycle through four megabytes: nothing but the latency of one load, and of the VM's address check.
#include "../bench.h"

enum { count = 1 << 16, line = 64 };

struct Node {
    struct Node* next;
    char rest[line - sizeof(struct Node*)];
};

static struct Node node[count];

// Sattolo's shuffle makes one cycle of all nodes.
static void link_nodes(void) {
    static uint32_t order[count];
    uint64_t state = 1;
    for (uint32_t i = 0; i < count; ++i) order[i] = i;
    for (uint32_t i = count - 1; i > 0; --i) {
        uint32_t j = (uint32_t)(random_next(&state) % i), old = order[i];
        order[i] = order[j], order[j] = old;
    }
    for (uint32_t i = 0; i < count; ++i) node[order[i]].next = &node[order[(i + 1) % count]];
}

int main(int argc, char** argv) {
    link_nodes();
    const struct Node* at = node;
    for (long n = units(argc, argv) * 65521; n > 0; --n) at = at->next;
    return report((uint64_t)(at - node));
}
