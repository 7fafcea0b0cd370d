// Structures whose layout differs between the host (x86-64) and the guests, which share asm-generic's. Every other
// structure of the system call interface is the same on both sides: tests/syscall/layouts_test.cpp proves either claim,
// field by field, against the kernel headers of all three machines.
#pragma once

#include <sys/epoll.h>
#include <sys/sem.h>
#include <sys/stat.h>

#include "syscall/arguments.hpp"

namespace lyrebird::syscall {

/// struct stat of asm-generic/stat.h.
struct GuestStat {
    u64 device;
    u64 inode;
    u32 mode;
    u32 links;
    u32 user;
    u32 group;
    u64 special_device;
    u64 pad1;
    i64 size;
    i32 block_size;
    i32 pad2;
    i64 blocks;
    i64 access_time;
    u64 access_nanoseconds;
    i64 modify_time;
    u64 modify_nanoseconds;
    i64 change_time;
    u64 change_nanoseconds;
    u32 unused[2];
};

/// struct epoll_event: packed on x86-64 only.
struct GuestEpollEvent {
    u32 events;
    u32 pad;
    u64 data;
};

struct GuestIpcPermission {
    i32 key;
    u32 user;
    u32 group;
    u32 creator_user;
    u32 creator_group;
    u32 mode;
    u16 sequence;
    u16 pad;
    u32 pad2;
    u64 unused[2];
};

/// struct semid64_ds of asm-generic/sembuf.h: without the host's two words of padding after the times.
struct GuestSemaphoreSet {
    GuestIpcPermission permission;
    i64 operation_time;
    i64 change_time;
    u64 count;
    u64 unused[2];
};

/// x86-64's semid64_ds as the kernel writes it.
struct HostSemaphoreSet {
    GuestIpcPermission permission;  // the same on both
    i64 operation_time;
    u64 pad1;
    i64 change_time;
    u64 pad2;
    u64 count;
    u64 unused[2];
};

GuestStat to_guest(const struct stat& host);

/// Where stat, fstat … write: the kernel fills the host's structure, `leave` copies it out in the guest's layout.
struct StatOut : Argument {
    static constexpr bool pointer = true;
    static constexpr bool output = true;
    using Argument::Argument;
    u64 host(const Context&) { return reinterpret_cast<u64>(&host_); }
    SysResult leave(const Context& context, SysResult result) const;
    void print(Printer& p) const;

    struct stat host_;
};

/// The event of epoll_ctl; null stays null.
struct EpollEventIn : Argument {
    static constexpr bool pointer = true;
    using Argument::Argument;
    u64 host(const Context& context);
    void print(Printer& p) const;

  private:
    epoll_event host_;
};

/// Where epoll_pwait writes; the handler converts. The result is how many there are.
struct EpollEventsOut : Address {
    static constexpr bool output = true;
    using Address::Address;
    void print(Printer& p) const;
};

}  // namespace lyrebird::syscall
