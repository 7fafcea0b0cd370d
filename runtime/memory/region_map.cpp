#include "runtime/memory/region_map.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "runtime/base/check.hpp"

namespace lyrebird::memory {

namespace {

bool same_object(const Mapping& left, const Mapping& right) {
    if (left.object == right.object) return true;
    if (left.object == nullptr || right.object == nullptr) return false;
    return left.object->kind == Object::Kind::file && right.object->kind == Object::Kind::file &&
           left.object->device == right.object->device && left.object->inode == right.object->inode;
}

bool same_label(const Mapping& left, const Mapping& right) {
    if (left.label == right.label) return true;
    return left.label != nullptr && right.label != nullptr && *left.label == *right.label;
}

bool joinable(const Mapping& left, const Mapping& right) {
    return left.end == right.start && left.protection == right.protection && left.flags == right.flags &&
           left.granularity == right.granularity && left.may_execute == right.may_execute &&
           left.dont_fork == right.dont_fork && left.wipe_on_fork == right.wipe_on_fork && same_object(left, right) &&
           same_label(left, right) && (left.object == nullptr || left.offset + left.size() == right.offset);
}

}  // namespace

bool Mapping::executable() const {
    return (protection & PROT_EXEC) != 0;
}
bool Mapping::grows_down() const {
    return (flags & MAP_GROWSDOWN) != 0;
}
bool Mapping::shared() const {
    return (flags & MAP_SHARED) != 0;
}
bool Mapping::data() const {
    return (protection & PROT_WRITE) != 0 && !shared() && !grows_down();
}

Mapping part(const Mapping& mapping, u64 start, u64 end) {
    Mapping piece = mapping;
    piece.start = start;
    piece.end = end;
    if (piece.object != nullptr) piece.offset += start - mapping.start;
    return piece;
}

RegionMap::Iterator RegionMap::from(u64 address) const {
    auto next = tree_.upper_bound(address);
    if (next != tree_.begin() && std::prev(next)->second.end > address) return std::prev(next);
    return next;
}

const Mapping* RegionMap::find(u64 address) const {
    auto found = from(address);
    return found != end() && found->first <= address ? &found->second : nullptr;
}

bool RegionMap::overlaps(u64 start, u64 end) const {
    auto found = from(start);
    return found != this->end() && found->first < end;
}

u64 RegionMap::contiguous_end(u64 start, u64 end) const {
    u64 reached = start;
    for (auto at = from(start); at != this->end() && at->first <= reached && reached < end; ++at)
        reached = at->second.end;
    return std::min(reached, end);
}

bool RegionMap::covers(u64 start, u64 end) const {
    return contiguous_end(start, end) == end;
}

bool RegionMap::any(u64 start, u64 end, const std::function<bool(const Mapping&)>& test) const {
    for (auto at = from(start); at != this->end() && at->first < end; ++at) {
        if (test(at->second)) return true;
    }
    return false;
}

u64 RegionMap::mapped_bytes(u64 start, u64 end) const {
    u64 bytes = 0;
    for (auto at = from(start); at != this->end() && at->first < end; ++at) {
        bytes += std::min(at->second.end, end) - std::max(at->first, start);
    }
    return bytes;
}

void RegionMap::account(const Mapping& mapping, bool add) {
    u64 size = add ? mapping.size() : -mapping.size();
    total_bytes_ += size;
    if (mapping.data()) data_bytes_ += size;
    if (!mapping.grows_down()) return;
    if (add) {
        growing_.insert(mapping.start);
    } else {
        growing_.erase(mapping.start);
    }
}

RegionMap::Tree::iterator RegionMap::place(const Mapping& mapping) {
    account(mapping, true);
    return tree_.insert_or_assign(mapping.start, mapping).first;
}

RegionMap::Tree::iterator RegionMap::remove(Tree::iterator position) {
    account(position->second, false);
    return tree_.erase(position);
}

void RegionMap::split(u64 address) {
    const Mapping* found = find(address);
    if (found == nullptr || found->start == address) return;
    Mapping low = part(*found, found->start, address);
    Mapping high = part(*found, address, found->end);
    remove(tree_.find(low.start));
    place(low);
    place(high);
}

/// Joins `left` with its successor when they are one run; returns the run that begins where `left` does.
RegionMap::Tree::iterator RegionMap::join(Tree::iterator left) {
    auto right = std::next(left);
    if (right == tree_.end() || !joinable(left->second, right->second)) return left;
    Mapping whole = left->second;
    whole.end = right->second.end;
    remove(right);
    remove(left);
    return place(whole);
}

void RegionMap::insert(const Mapping& mapping) {
    ENSURE(mapping.start < mapping.end && !overlaps(mapping.start, mapping.end), "a new region must be free space");
    auto placed = join(place(mapping));
    if (placed != tree_.begin()) join(std::prev(placed));
}

void RegionMap::erase(u64 start, u64 end) {
    split(start);
    split(end);
    auto at = tree_.lower_bound(start);
    while (at != tree_.end() && at->first < end) at = remove(at);
}

void RegionMap::modify(u64 start, u64 end, const std::function<void(Mapping&)>& change) {
    split(start);
    split(end);
    for (auto at = tree_.lower_bound(start); at != tree_.end() && at->first < end; ++at) {
        account(at->second, false);
        change(at->second);
        account(at->second, true);
    }
    auto at = tree_.lower_bound(start);
    if (at != tree_.begin()) at = std::prev(at);
    while (at != tree_.end() && at->first <= end) {
        std::size_t before = tree_.size();
        at = join(at);
        if (tree_.size() == before) ++at;
    }
}

void RegionMap::grow_down(u64 start, u64 new_start) {
    auto found = tree_.find(start);
    ENSURE(found != tree_.end() && new_start < start && !overlaps(new_start, start), "a region grows into free space");
    Mapping grown = found->second;
    grown.start = new_start;
    remove(found);
    insert(grown);
}

}  // namespace lyrebird::memory
