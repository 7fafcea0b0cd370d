// Opens, measures, reads and closes a file: paths, a structure that differs between guest and host, and a buffer.
#include "../bench.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t read_file(const char* name) {
    char buffer[4096];
    struct stat status;
    int file = open(name, O_RDONLY);
    must(file >= 0 && fstat(file, &status) == 0);
    ssize_t length = read(file, buffer, sizeof buffer);
    must(length == status.st_size && close(file) == 0);
    return (uint64_t)length + (uint8_t)buffer[length - 1];
}

int main(int argc, char** argv) {
    char name[] = "/tmp/bench-XXXXXX", text[1000];
    uint64_t sum = 0;
    int file = mkstemp(name);
    memset(text, 'x', sizeof text);
    must(file >= 0 && write(file, text, sizeof text) == sizeof text && close(file) == 0);
    for (long n = units(argc, argv) * 64; n > 0; --n) sum = mix(sum, read_file(name));
    must(unlink(name) == 0);
    return report(sum);
}
