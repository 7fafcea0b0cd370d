// lyre_enter_guest(cpu: rdi, point: rsi, run: rdx): see enter_guest.hpp. RecoveryPoint is {stack, active}.
        .text
        .globl  lyre_enter_guest
        .type   lyre_enter_guest, @function
lyre_enter_guest:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        pushq   %rsi
        movq    %rsp, (%rsi)
        movq    $1, 8(%rsi)
        call    *%rdx
        .globl  lyre_guest_recovery
lyre_guest_recovery:
        popq    %rsi
        movq    $0, 8(%rsi)
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        .cfi_def_cfa rsp, 8
        ret
        .cfi_endproc
        .size   lyre_enter_guest, . - lyre_enter_guest

// The unwinder and debuggers know a signal frame by these very bytes.
        .globl  lyre_host_restorer
        .type   lyre_host_restorer, @function
lyre_host_restorer:
        movq    $15, %rax
        syscall
        .size   lyre_host_restorer, . - lyre_host_restorer

        .section .note.GNU-stack, "", @progbits
