// A program with everything a loader has to place: code, constants, data, zeroed memory larger than a page, thread storage.
static int data = 7;
static char zero[100000];
static _Thread_local int thread = 9;

int main(void) {
    zero[5000] = (char)data;
    return zero[5000] + thread - 16;
}
