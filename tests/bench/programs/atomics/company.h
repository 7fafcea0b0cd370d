// A second thread that sleeps until the end. With it a process has several threads, so that neither a library nor a VM
// may do without the host's atomic instructions, as both do for a process of one thread.
#pragma once

#include <pthread.h>
#include <unistd.h>

#include "../bench.h"

struct Company {
    pthread_t thread;
    int ends[2];
};

static inline void* sleep_until_closed(void* end) {
    char byte;
    return read(*(int*)end, &byte, 1) == 0 ? NULL : end;
}

static inline void begin_company(struct Company* company) {
    must(pipe(company->ends) == 0);
    must(pthread_create(&company->thread, NULL, sleep_until_closed, &company->ends[0]) == 0);
}

static inline void end_company(struct Company* company) {
    must(close(company->ends[1]) == 0 && pthread_join(company->thread, NULL) == 0);
}
