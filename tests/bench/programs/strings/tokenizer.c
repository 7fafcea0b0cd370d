// Reads JSON-like text: a byte at a time through a switch, numbers made of digits, nested objects by recursion.
#include "../bench.h"

#include <string.h>

static const char* at;
static uint64_t sum;

static void skip_space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t') ++at;
}

static void read_number(void) {
    int64_t number = 0;
    int negative = *at == '-';
    for (at += negative; *at >= '0' && *at <= '9'; ++at) number = number * 10 + (*at - '0');
    sum = mix(sum, (uint64_t)(negative ? -number : number));
}

static void read_string(void) {
    uint32_t hash = 2166136261u;
    for (++at; *at != '"'; ++at) {
        if (*at == '\\') ++at;
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    }
    ++at;
    sum = mix(sum, hash);
}

static void read_word(void) {
    for (; *at >= 'a' && *at <= 'z'; ++at) sum += (uint8_t)*at;
}

static void read_value(void);

// An object is read as a list whose separators are colons and commas alike.
static void read_list(char end) {
    ++at;
    for (skip_space(); *at != end; skip_space()) {
        read_value();
        skip_space();
        if (*at == ',' || *at == ':') ++at;
    }
    ++at;
}

static void read_value(void) {
    skip_space();
    switch (*at) {
        case '{':
            read_list('}');
            break;
        case '[':
            read_list(']');
            break;
        case '"':
            read_string();
            break;
        case 't':
        case 'f':
        case 'n':
            read_word();
            break;
        default:
            read_number();
            break;
    }
}

static void append(char* text, const char* part) {
    strcpy(text + strlen(text), part);
}

int main(int argc, char** argv) {
    static char text[16384];
    append(text, "[");
    for (int i = 0; i < 100; ++i) {
        char record[128];
        snprintf(record, sizeof record,
                 "%s\n  {\"id\": %d, \"name\": \"bird \\\"%d\\\"\", \"sings\": %s, \"at\": [%d, -%d]}", i ? "," : "",
                 i * 7919, i, i % 3 ? "true" : "null", i * i, i * 31);
        append(text, record);
    }
    append(text, "\n]");
    for (long n = units(argc, argv); n > 0; --n) {
        at = text;
        read_value();
    }
    return report(sum);
}
