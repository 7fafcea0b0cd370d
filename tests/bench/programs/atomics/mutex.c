// Locks and unlocks a mutex that nobody else wants.
#include "company.h"

int main(int argc, char** argv) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct Company company;
    uint64_t sum = 0;
    begin_company(&company);
    for (long n = units(argc, argv) * 4096; n > 0; --n) {
        pthread_mutex_lock(&mutex);
        sum = mix(sum, (uint64_t)n);
        pthread_mutex_unlock(&mutex);
    }
    end_company(&company);
    return report(sum);
}
