// What becomes of translated code when something that it counts on changes: the guest's bytes, their rights, or who sees the
// guest's memory.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "runtime/memory/guest_copy.hpp"
#include "translator/x64/code_cache.hpp"

namespace lyrebird::x64 {

bool CodeCache::has_bytes(const Block& known) const {
    const u8* expected = known.bytes();
    for (std::size_t number = 0; number < known.run_count; ++number) {
        Run run = known.run(number);
        u8 now[512];
        for (u32 at = 0; at < run.size;) {
            u32 size = std::min<u32>(run.size - at, sizeof now);
            if (!memory::copy_from_guest(now, GuestAddress(run.pc + at), size)) return false;
            if (std::memcmp(now, expected, size) != 0) return false;
            expected += size;
            at += size;
        }
    }
    return true;
}

bool CodeCache::is_current(u64 pc) {
    std::lock_guard lock(mutex_);
    Index index = live_at(pc);
    return index == none || has_bytes(block(index));
}

bool CodeCache::may_execute(const Block& known) const {
    for (std::size_t number = 0; number < known.run_count; ++number) {
        Run run = known.run(number);
        if (!space_.executable(GuestAddress(run.pc), run.size)) return false;
    }
    return true;
}

/// Memory that can change without a change of the map: written to here, or through another mapping of the same object. A
/// regular file's private mapping is taken for constant.
bool CodeCache::is_changeable(u64 page) const {
    auto region = space_.find(GuestAddress(page * page_size));
    if (!region) return true;
    bool shared = (region->flags & MAP_SHARED) != 0;
    bool memory_object = region->backing.inode != 0 && region->backing.device == memory_object_device_;
    return shared || memory_object || (region->protection & PROT_WRITE) != 0;
}

/// The record of a page that holds translated code; straight-line code asks for the same one again and again.
CodeCache::Page& CodeCache::page_of(u64 number) {
    if (last_page_ != nullptr && last_page_number_ == number) return *last_page_;
    auto [entry, is_new] = pages_.try_emplace(number);
    if (is_new && is_changeable(number)) {
        entry->second.changeable = true;
        changeable_.push_back(number);
    }
    last_page_number_ = number;
    last_page_ = &entry->second;  // nodes do not move
    return *last_page_;
}

/// Takes back the blocks with bytes in this page that are not the guest's any more, or (if it is about `rights`, too) that it
/// may not execute. Most blocks lie in one page: that is read, and asked for its rights, once.
void CodeCache::check_page(u64 number, Page& page, bool rights) {
    u64 start = number * page_size;
    u8 now[page_size];
    bool readable = memory::copy_from_guest(now, GuestAddress(start), page_size);
    bool executable = !rights || space_.executable(GuestAddress(start), page_size);
    keep_blocks(page, [&](Index index) {
        Block& one = block(index);
        if (one.life == Life::live) {
            bool inside = one.lies_on_one_page();
            if (!(inside && executable) && rights && !may_execute(one))
                take_back(index, Life::aside);
            else if (inside && readable ? std::memcmp(now + (one.pc - start), one.bytes(), one.byte_count) != 0 : !has_bytes(one))
                take_back(index, Life::dead);
        }
        return one.life != Life::dead;
    });
}

void CodeCache::announce_writes() {
    std::lock_guard lock(mutex_);
    announcements_.fetch_add(1, std::memory_order_acq_rel);
    if (changeable_.empty() || !own()) return;
    u64 before = counts_.taken_back;
    for (u64 number : changeable_) {
        if (auto page = pages_.find(number); page != pages_.end()) check_page(number, page->second, false);
    }
    if (counts_.taken_back == before) return;
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::announce_writes(u64 start, u64 end) {
    std::lock_guard lock(mutex_);
    announcements_.fetch_add(1, std::memory_order_acq_rel);
    auto page = pages_.find(start / page_size);
    if (page == pages_.end() || !own()) return;
    u64 before = counts_.taken_back;
    keep_blocks(page->second, [&](Index index) {
        Block& one = block(index);
        bool touched = false;
        for (std::size_t number = 0; number < one.run_count; ++number) {
            Run run = one.run(number);
            touched |= run.pc < end && start < run.pc + run.size;
        }
        if (touched && one.life == Life::live && !has_bytes(one)) take_back(index, Life::dead);
        return one.life != Life::dead;
    });
    if (counts_.taken_back == before) return;
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::announce_change(u64 start, u64 end) {
    std::lock_guard lock(mutex_);
    announcements_.fetch_add(1, std::memory_order_acq_rel);
    if (!own()) return;
    u64 before = counts_.taken_back;
    auto look_at = [this](u64 number, Page& page) {
        check_page(number, page, true);
        bool changeable = is_changeable(number);
        if (changeable && !page.changeable) changeable_.push_back(number);
        if (!changeable && page.changeable) std::erase(changeable_, number);
        page.changeable = changeable;
    };
    u64 first = start / page_size;
    u64 last = (end + page_size - 1) / page_size;
    if (last - first > pages_.size()) {
        for (auto& [number, page] : pages_) {
            if (number >= first && number < last) look_at(number, page);
        }
    } else {
        for (u64 number = first; number < last; ++number) {
            if (auto page = pages_.find(number); page != pages_.end()) look_at(number, page->second);
        }
    }
    if (counts_.taken_back == before) return;
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::forget(u64 pc) {
    std::lock_guard lock(mutex_);
    announcements_.fetch_add(1, std::memory_order_acq_rel);
    if (!own()) return;
    auto page = pages_.find(pc / page_size);
    if (page == pages_.end()) return;
    keep_blocks(page->second, [&](Index index) {
        Block& one = block(index);
        for (std::size_t number = 0; number < one.run_count; ++number) {
            Run run = one.run(number);
            if (pc - run.pc < run.size && one.life != Life::dead) take_back(index, Life::dead);
        }
        return one.life != Life::dead;
    });
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::forget_all() {
    std::lock_guard lock(mutex_);
    announcements_.fetch_add(1, std::memory_order_acq_rel);
    if (!own()) return;
    for (auto& [number, page] : pages_) {
        keep_blocks(page, [&](Index index) {
            if (block(index).life != Life::dead) take_back(index, Life::dead);
            return false;
        });
    }
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::expect_company() {
    std::lock_guard lock(mutex_);
    end_solitude();
}

void CodeCache::end_solitude() {
    if (!alone_.exchange(false) || !own()) return;
    for (Segment& segment : segments_) {
        for (Index index : std::exchange(segment.alone, {})) {
            if (block(index).life != Life::dead) take_back(index, Life::dead);
        }
    }
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

}  // namespace lyrebird::x64
