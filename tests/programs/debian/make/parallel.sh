# make -j4: a project of many files, dependencies, a job server shared with a sub-make, an up-to-date second run.
set -e
mkdir -p source library
for i in $(seq 1 12); do
    printf '#include "all.h"\nint function%d(int x) { return x * %d + 1; }\n' "$i" "$i" >"source/part$i.c"
done
for i in $(seq 1 12); do echo "int function$i(int x);"; done >source/all.h
{
    echo '#include "all.h"'
    echo '#include <stdio.h>'
    echo 'int main(void) { int x = 1;'
    for i in $(seq 1 12); do echo "x = function$i(x) % 10007;"; done
    echo 'printf("%d\n", x); return 0; }'
} >source/main.c
cat >library/Makefile <<'END'
all: one.o two.o three.o
	@echo library done
%.o: %.c
	@$(CC) -c -o $@ $<
%.c:
	@echo 'int $*;' > $@
.SECONDARY:
END
cat >Makefile <<'END'
objects := $(patsubst source/%.c,objects/%.o,$(wildcard source/*.c))
program: $(objects) | library.done
	@$(CC) -o $@ $^
objects/%.o: source/%.c source/all.h | objects
	@$(CC) -O1 -c -o $@ $<
objects:
	@mkdir $@
library.done:
	@$(MAKE) --no-print-directory -C library
	@touch $@
broken:
	@exit 3
.PHONY: broken
END
make -j4
./program
make -j4 | sed "s/[\`']//g"
touch -d '+1 minute' source/part3.c
make -n 2>/dev/null | grep -c part3
make broken 2>/dev/null || echo "status $?"
printf 'all: %s\n' "$(seq -s ' ' 1 60)" >many
printf '%%:\n\t@echo $@ >>order\n' >>many
make -s -j4 -f many
sort -n order | md5sum
