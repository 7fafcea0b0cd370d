// layouts.def against the kernel's headers of the machine that this is compiled for: natively as part of the tests, and by the
// guests' compilers where there are any (tests/syscall/CMakeLists.txt).
#include <stddef.h>

#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/mman.h>
#include <asm/msgbuf.h>
#include <asm/poll.h>
#include <asm/sembuf.h>
#include <asm/shmbuf.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/socket.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <asm/termbits.h>
#include <asm/termios.h>
#include <linux/aio_abi.h>
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/fiemap.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/inotify.h>
#include <linux/landlock.h>
#include <linux/mqueue.h>
#include <linux/openat2.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <linux/sem.h>
#include <linux/signalfd.h>
#include <linux/socket.h>
#include <linux/sockios.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/times.h>
#include <linux/timex.h>
#include <linux/uio.h>
#include <linux/userfaultfd.h>
#include <linux/utsname.h>

// Not structures by name in the headers.
struct file_handle_head { unsigned handle_bytes; int handle_type; };
#define sockaddr_storage __kernel_sockaddr_storage

#define SAME_SIZE(structure, bytes) _Static_assert(sizeof(struct structure) == bytes, #structure);
#define SAME_FIELD(structure, field, offset) _Static_assert(offsetof(struct structure, field) == offset, #structure "." #field);
#define SAME_VALUE(constant, value) _Static_assert((constant) == (value), #constant);
#if defined(__x86_64__)
#define GUEST_SIZE(structure, bytes) _Static_assert(sizeof(struct structure) != bytes, #structure " is the same");
#define GUEST_FIELD(structure, field, offset)
#else
#define GUEST_SIZE SAME_SIZE
#define GUEST_FIELD SAME_FIELD
#endif
#include "layouts.def"

// What AArch64 numbers differently, and nobody else (syscall/arguments.cpp).
#if defined(__aarch64__)
_Static_assert(O_DIRECTORY == 040000 && O_NOFOLLOW == 0100000 && O_DIRECT == 0200000 && O_LARGEFILE == 0400000, "O_…");
#else
_Static_assert(O_DIRECTORY == 0200000 && O_NOFOLLOW == 0400000 && O_DIRECT == 040000 && O_LARGEFILE == 0100000, "O_…");
#endif
