// lyre_clone_to(number, arguments, function, data): the host's system call `number` with the five words at `arguments`,
// which must be a clone or clone3 that gives the child a stack of its own. The parent gets the kernel's answer; the child
// calls function(data), which does not return.
        .text
        .globl  lyre_clone_to
        .type   lyre_clone_to, @function
lyre_clone_to:
        .cfi_startproc
        endbr64
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        movq    %rdx, %r12
        movq    %rcx, %r13
        movq    %rdi, %rax
        movq    %rsi, %r9
        movq    0(%r9), %rdi
        movq    8(%r9), %rsi
        movq    16(%r9), %rdx
        movq    24(%r9), %r10
        movq    32(%r9), %r8
        syscall
        testq   %rax, %rax
        je      1f
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        ret
1:
        .cfi_undefined rip
        xorl    %ebp, %ebp
        movq    %r13, %rdi
        call    *%r12
        ud2
        .cfi_endproc
        .size   lyre_clone_to, . - lyre_clone_to

        .section .note.GNU-stack, "", @progbits
