// The handlers of the table's `own` rows, by subject: one .cpp a group. Each returns what the call of that name returns
// on the guest's machine, or `restart`, or `registers_set`; the kinds of its parameters print the call for strace.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "syscall/arguments.hpp"
#include "syscall/layouts.hpp"
#include "syscall/paths.hpp"
#include "syscall/vectors.hpp"

namespace lyrebird::syscall {

/// A host call on behalf of the guest's call that is being made.
template <class... Arguments> SysResult guest_call(Context& context, long number, Arguments... arguments) {
    return interruptible_call(&context.cpu.vm().attention, number, static_cast<u64>(arguments)...);
}

template <class T> u64 host_pointer(const T* object) {
    return reinterpret_cast<u64>(object);
}

// ---- files.cpp ----
SysResult open_file(Context&, DirFd, Path, OpenFlags, OpenMode);
SysResult open_file_how(Context&, DirFd, Path, Pointer how, Size);
SysResult close_file(Context&, Fd);
SysResult close_files(Context&, UInt first, UInt last, Flags<close_range_names>);
SysResult duplicate_to(Context&, Fd, Fd, DescriptorFlags);
SysResult control_file(Context&, Fd, Choice<fcntl_names>, Word);
SysResult read_file(Context&, Fd, OutBuffer<2>, Size);
SysResult write_file(Context&, Fd, InBuffer<2>, Size);
SysResult read_file_at(Context&, Fd, OutBuffer<2>, Size, Offset);
SysResult write_file_at(Context&, Fd, InBuffer<2>, Size, Offset);
SysResult set_attribute_at(Context&, DirFd, PathAt<2>, Flags<at_names>, Text, Pointer, Size);
SysResult get_attribute_at(Context&, DirFd, PathAt<2>, Flags<at_names>, Text, Pointer, Size);

// ---- directories.cpp ----
SysResult working_directory(Context&, OutBytes<1>, Size);
SysResult read_link(Context&, DirFd, LinkPath, OutBytes<3>, Int);
SysResult stat_file(Context&, DirFd, PathAt<3>, StatOut, Flags<at_names>);
SysResult stat_file_extended(Context&, DirFd, PathAt<2>, Flags<at_names>, Hex, Out<struct statx>);
SysResult list_directory(Context&, Fd, OutOpaque<2>, UInt);
SysResult change_root(Context&, Path);
SysResult pivot_root(Context&, Path, Path);
SysResult rename_at(Context&, DirFd, EntryPath, DirFd, EntryPath);

// ---- waiting.cpp: calls that wait for descriptors, with a signal mask meanwhile ----
SysResult poll_files(Context&, PollFiles, UInt, InOut<timespec>, InSignalSet, Size);
SysResult select_files(Context&, Int, Pointer, Pointer, Pointer, InOut<timespec>, Address mask);
SysResult wait_epoll(Context&, Fd, EpollEventsOut, Int, Int, InSignalSet, Size);
SysResult wait_epoll_until(Context&, Fd, EpollEventsOut, Int, In<timespec>, InSignalSet, Size);

// ---- asynchronous.cpp ----
SysResult create_queue(Context&, UInt, Address);
SysResult destroy_queue(Context&, Word);
SysResult submit_requests(Context&, Word, Long, Address);
SysResult wait_requests(Context&, Word, Long, Long, Pointer, In<timespec>, Address mask);

// ---- control.cpp ----
SysResult control_device(Context&, Fd, DeviceCommand, Word);

// ---- memory.cpp ----
SysResult map_memory(Context&, Address, Size, Flags<protection_names>, Flags<map_names>, Fd, Hex);
SysResult unmap_memory(Context&, Address, Size);
SysResult protect_memory(Context&, Address, Size, Flags<protection_names>);
SysResult remap_memory(Context&, Address, Size, Size, Flags<remap_names>, Address);
SysResult advise_memory(Context&, Address, Size, Choice<advice_names>);
SysResult advise_process(Context&, Fd, Address vectors, Size, Choice<advice_names>, UInt);
SysResult set_break(Context&, Address);
SysResult resident_pages(Context&, Address, Size, Address);
SysResult synchronise_memory(Context&, Address, Size, Flags<msync_names>);
SysResult lock_memory(Context&, Address, Size);
SysResult lock_memory_how(Context&, Address, Size, UInt);
SysResult unlock_memory(Context&, Address, Size);
SysResult lock_all_memory(Context&, Flags<lock_all_names>);
SysResult unlock_all_memory(Context&);
SysResult remap_pages(Context&, Address, Size, Flags<protection_names>, Size, Hex);
SysResult read_process_memory(Context&, Pid, InVectors<2>, Size, Address remote, Size, Hex);
SysResult write_process_memory(Context&, Pid, InVectors<2>, Size, Address remote, Size, Hex);

// ---- process.cpp ----
SysResult clone_process(Context&, CloneFlags, Address stack, Address parent_tid, Address tls, Address child_tid);
SysResult clone_process_how(Context&, Address arguments, Size);
SysResult execute(Context&, Path, Strings arguments, Environment environment);
SysResult execute_at(Context&, DirFd, PathAt<4>, Strings arguments, Environment environment, Flags<at_names>);
SysResult exit_thread(Context&, Int);
SysResult exit_process(Context&, Int);
SysResult get_limit(Context&, Choice<resource_names>, Out<rlimit>);
SysResult set_limit(Context&, Choice<resource_names>, In<rlimit>);
SysResult change_limit(Context&, Pid, Choice<resource_names>, In<rlimit>, Out<rlimit>);
SysResult set_personality(Context&, Hex);

// ---- threads.cpp ----
SysResult set_tid_address(Context&, Address);
SysResult futex(Context&, Futex, FutexOperation, UInt, Word, Futex, Hex);
SysResult futex_wait_several(Context&, Address, UInt, Hex, In<timespec>, Choice<clock_names>);
SysResult futex_requeue(Context&, Address, Hex, Int, Int);

// ---- signals.cpp ----
SysResult signal_action(Context&, Signal, SignalAction, SignalActionOut, Size);
SysResult signal_mask(Context&, Choice<signal_mask_names>, InSignalSet, OutSignalSet, Size);
SysResult signal_pending(Context&, OutSignalSet, Size);
SysResult signal_suspend(Context&, InSignalSet, Size);
SysResult signal_stack(Context&, Address, Address);
SysResult signal_return(Context&);

// ---- sockets.cpp ----
SysResult set_socket_option(Context&, Fd, Choice<level_names>, Int, InBytes<4>, Int);
SysResult send_messages(Context&, Fd, Address, UInt, Flags<message_names>);
SysResult receive_messages(Context&, Fd, Address, UInt, Flags<message_names>, InOut<timespec>);

// ---- ipc.cpp ----
SysResult control_semaphores(Context&, Int, Int, Choice<ipc_control_names>, Word);
SysResult attach_shared_memory(Context&, Int, Address, Flags<shared_memory_names>);
SysResult detach_shared_memory(Context&, Address);
SysResult notify_message_queue(Context&, Int, Address event);
SysResult control_keys(Context&, Int, Word, Word, Word, Word);

// ---- system.cpp ----
SysResult system_name(Context&, Out<utsname>);
SysResult control_process(Context&, Choice<prctl_names>, Word, Word, Word, Word);
SysResult hardware_probe(Context&, Address, Size, Size, Address, Hex);
SysResult flush_instruction_cache(Context&, Address, Address, Hex);

}  // namespace lyrebird::syscall
