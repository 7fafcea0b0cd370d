// A system call that is not made when a signal waits: see host_call.hpp. The order of the four labels is a contract with
// redirect_interrupted_call: up to and including lyre_call_syscall the kernel has not been entered, or is to be entered anew.

    .text
    .globl lyre_interruptible_call
    .globl lyre_call_begin
    .globl lyre_call_syscall
    .globl lyre_call_end
    .globl lyre_call_interrupted
    .type lyre_interruptible_call, @function

// rdi: address of attention, rsi: number, rdx rcx r8 r9 and two words of the stack: the arguments.
lyre_interruptible_call:
    .cfi_startproc
    mov %rdi, %r11
    mov %rsi, %rax
    mov %rdx, %rdi
    mov %rcx, %rsi
    mov %r8, %rdx
    mov %r9, %r10
    mov 8(%rsp), %r8
    mov 16(%rsp), %r9
lyre_call_begin:
    cmpl $0, (%r11)
    jne lyre_call_interrupted
lyre_call_syscall:
    syscall
lyre_call_end:
    ret
lyre_call_interrupted:
    mov $-512, %rax
    ret
    .cfi_endproc
    .size lyre_interruptible_call, . - lyre_interruptible_call

    .section .note.GNU-stack, "", @progbits
