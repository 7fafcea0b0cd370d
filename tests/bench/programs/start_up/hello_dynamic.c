// The same with a dynamic linker, which runs a few hundred thousand instructions, most of them once.
// build: -pie -fPIE
#include "hello_static.c"
