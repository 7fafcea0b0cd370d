#include "runtime/memory/guest_copy.hpp"

#include <algorithm>

extern "C" {
extern const char lyre_guest_copy_begin[];
extern const char lyre_guest_copy_end[];
extern const char lyre_guest_copy_fault[];
int lyre_copy_bytes(void* to, const void* from, lyrebird::u64 size);
int lyre_fill_bytes(void* to, int value, lyrebird::u64 size);
lyrebird::u64 lyre_copy_string(char* to, const char* from, lyrebird::u64 max);
int lyre_load_32(const lyrebird::u32* from, lyrebird::u32* value);
int lyre_store_32(lyrebird::u32* to, lyrebird::u32 value);
int lyre_compare_exchange_32(lyrebird::u32* at, lyrebird::u32* expected, lyrebird::u32 desired);
}

namespace lyrebird::memory {

bool copy_from_guest(void* to, GuestAddress from, u64 size) {
    return lyre_copy_bytes(to, from.host(), size) != 0;
}

bool copy_to_guest(GuestAddress to, const void* from, u64 size) {
    return lyre_copy_bytes(to.host(), from, size) != 0;
}

bool fill_guest(GuestAddress to, u8 value, u64 size) {
    return lyre_fill_bytes(to.host(), value, size) != 0;
}

std::expected<std::string, int> read_guest_string(GuestAddress from, u64 max) {
    std::string text;
    char piece[256];
    while (text.size() < max) {
        u64 room = std::min<u64>(sizeof piece, max - text.size());
        u64 result = lyre_copy_string(piece, (from + text.size()).host<char>(), room);
        if (result == 0) return std::unexpected(EFAULT);
        text.append(piece, result - 1);
        if (result <= room) return text;
    }
    return std::unexpected(ENAMETOOLONG);
}

std::optional<u32> load_guest_word(GuestAddress from) {
    u32 value = 0;
    if (lyre_load_32(from.host<u32>(), &value) == 0) return std::nullopt;
    return value;
}

bool store_guest_word(GuestAddress to, u32 value) {
    return lyre_store_32(to.host<u32>(), value) != 0;
}

Exchange compare_exchange_guest_word(GuestAddress at, u32& expected, u32 desired) {
    switch (lyre_compare_exchange_32(at.host<u32>(), &expected, desired)) {
        case 0:
            return Exchange::fault;
        case 1:
            return Exchange::done;
        default:
            return Exchange::different;
    }
}

bool redirect_copy_fault(ucontext_t* context) {
    auto& rip = context->uc_mcontext.gregs[REG_RIP];
    auto at = reinterpret_cast<const char*>(rip);
    if (at < lyre_guest_copy_begin || at >= lyre_guest_copy_end) return false;
    rip = reinterpret_cast<greg_t>(lyre_guest_copy_fault);
    return true;
}

std::expected<std::string, int> GuestMemory::read_string(GuestAddress from, u64 max) const {
    from = place(from);
    if (!space_->contains(from, 1)) return std::unexpected(EFAULT);
    u64 room = space_->top() - from;
    auto text = read_guest_string(from, std::min(max, room));
    if (!text && text.error() == ENAMETOOLONG && room < max) return std::unexpected(EFAULT);
    return text;
}

}  // namespace lyrebird::memory
