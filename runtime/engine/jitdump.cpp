#include "runtime/engine/jitdump.hpp"

#include <elf.h>
#include <sys/mman.h>
#include <time.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/base/text.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

namespace {
constexpr ObserverFile::Kind kind{"the jitdump", "jit-", ".dump"};
constexpr std::size_t marker_size = 4096;

/// The format's structures; none has padding.
struct Header {
    u32 magic = 0x4a695444;  // "JiTD" in the writer's byte order
    u32 version = 1;
    u32 total_size = sizeof(Header);
    u32 machine = EM_X86_64;
    u32 padding = 0;
    u32 process = 0;
    u64 time = 0;
    u64 flags = 0;
};
static_assert(sizeof(Header) == 40);

enum class RecordKind : u32 { code_load = 0, code_close = 3 };

struct RecordStart {
    RecordKind kind;
    u32 total_size;
    u64 time;
};
static_assert(sizeof(RecordStart) == 16);

/// Followed by the name, a zero byte, and the code.
struct CodeLoad {
    RecordStart start;
    u32 process;
    u32 thread;
    u64 address;
    u64 code_address;
    u64 code_size;
    u64 code_index;
};
static_assert(sizeof(CodeLoad) == 56);

/// Nanoseconds by the clock of `perf record -k mono`.
u64 now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return u64(time.tv_sec) * 1'000'000'000 + u64(time.tv_nsec);
}

template <class T> std::string_view bytes_of(const T& object) {
    return {reinterpret_cast<const char*>(&object), sizeof object};
}
}  // namespace

std::string Jitdump::default_directory() {
    const char* directory = std::getenv("JITDUMPDIR");
    return directory == nullptr || *directory == 0 ? "." : directory;
}

Result<std::unique_ptr<Jitdump>> Jitdump::create(Names names, const std::string& directory) {
    TRY(file, ObserverFile::create(kind, directory));
    std::unique_ptr<Jitdump> made(new Jitdump(std::move(names), std::move(file)));
    if (!made->begin()) {
        int code = errno;
        constexpr const char* text =
            "the jitdump {} cannot be written and mapped as executable, as perf needs it: {}; "
            "let JITDUMPDIR name a directory on a file system that is not full and not mounted noexec";
        return fail(format(text, made->file_->path(), std::strerror(code)), code);
    }
    return made;
}

Jitdump::~Jitdump() {
    finish();
    unmap_marker();
}

/// Writes the header and maps it, or returns false with errno.
bool Jitdump::begin() {
    Header header;
    header.process = u32(file_->owner());
    header.time = now();
    errno = EFBIG;  // unless the kernel says why
    if (!file_->append(bytes_of(header))) return false;
    void* mapped = ::mmap(nullptr, marker_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, file_->descriptor(), 0);
    if (mapped == MAP_FAILED) return false;
    marker_ = mapped;
    return true;
}

void Jitdump::unmap_marker() {
    if (marker_ != nullptr) ::munmap(marker_, marker_size);
    marker_ = nullptr;
}

void Jitdump::translated(const isa::TranslatedCode& code) {
    std::string name = names_(code.guest_pc);
    name.resize(::strnlen(name.c_str(), name.size()));
    CodeLoad load{};
    load.start.kind = RecordKind::code_load;
    load.start.total_size = u32(sizeof load + name.size() + 1 + code.host_size);
    load.start.time = now();
    load.process = u32(file_->owner());
    load.thread = u32(thread_id());
    load.address = load.code_address = as_argument(code.host);
    load.code_size = code.host_size;
    load.code_index = next_index_++;
    record_.assign(bytes_of(load));
    record_.append(name.c_str(), name.size() + 1);
    record_.append(static_cast<const char*>(code.host), code.host_size);
    file_->append(record_);
}

void Jitdump::after_fork_in_child() {
    unmap_marker();
    if (file_->after_fork_in_child(ObserverFile::Contents::none) && !begin()) file_->stop();
}

void Jitdump::finish() {
    if (process_id() != file_->owner()) return;
    RecordStart close{RecordKind::code_close, sizeof(RecordStart), now()};
    file_->append(bytes_of(close));
    file_->stop();
}

}  // namespace lyrebird::engine
