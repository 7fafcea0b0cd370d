// The only instructions of the VM's own code that may fault on guest memory.
//
// What must stay true: they are leaf functions that never move the stack pointer and call nothing, so at every
// instruction between lyre_guest_copy_begin and lyre_guest_copy_end a jump to lyre_guest_copy_fault returns 0 to the
// caller. Nothing else may stand between the two labels. System V calling convention; the direction flag is clear.

    .text
    .p2align 4
    .globl lyre_guest_copy_begin, lyre_guest_copy_end, lyre_guest_copy_fault
    .hidden lyre_guest_copy_begin, lyre_guest_copy_end, lyre_guest_copy_fault

    .macro routine name
    .p2align 4
    .globl \name
    .hidden \name
    .type \name, @function
\name:
    .cfi_startproc
    .endm

    .macro routine_end name
    .cfi_endproc
    .size \name, . - \name
    .endm

lyre_guest_copy_begin:

// int lyre_copy_bytes(void* to, const void* from, u64 size): 1, or 0 after a fault with any part of the bytes copied.
    routine lyre_copy_bytes
    cmpq    $16, %rdx
    jb      1f
    cmpq    $32, %rdx
    ja      5f
    movups  (%rsi), %xmm0
    movups  -16(%rsi,%rdx), %xmm1
    movups  %xmm0, (%rdi)
    movups  %xmm1, -16(%rdi,%rdx)
    jmp     6f
1:  testb   $8, %dl
    jz      2f
    movq    (%rsi), %rax
    movq    -8(%rsi,%rdx), %rcx
    movq    %rax, (%rdi)
    movq    %rcx, -8(%rdi,%rdx)
    jmp     6f
2:  testb   $4, %dl
    jz      3f
    movl    (%rsi), %eax
    movl    -4(%rsi,%rdx), %ecx
    movl    %eax, (%rdi)
    movl    %ecx, -4(%rdi,%rdx)
    jmp     6f
3:  testb   $2, %dl
    jz      4f
    movzwl  (%rsi), %eax
    movzwl  -2(%rsi,%rdx), %ecx
    movw    %ax, (%rdi)
    movw    %cx, -2(%rdi,%rdx)
    jmp     6f
4:  testb   %dl, %dl
    jz      6f
    movzbl  (%rsi), %eax
    movb    %al, (%rdi)
    jmp     6f
5:  cmpq    $256, %rdx
    ja      8f
    movups  -32(%rsi,%rdx), %xmm2
    movups  -16(%rsi,%rdx), %xmm3
    leaq    -32(%rdi,%rdx), %rcx
7:  movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    addq    $32, %rsi
    addq    $32, %rdi
    cmpq    %rcx, %rdi
    jb      7b
    movups  %xmm2, (%rcx)
    movups  %xmm3, 16(%rcx)
    jmp     6f
8:  movq    %rdx, %rcx
    rep movsb
6:  movl    $1, %eax
    ret
    routine_end lyre_copy_bytes

// int lyre_fill_bytes(void* to, int value, u64 size): 1, or 0 after a fault.
    routine lyre_fill_bytes
    movl    %esi, %eax
    movq    %rdx, %rcx
    rep stosb
    movl    $1, %eax
    ret
    routine_end lyre_fill_bytes

// u64 lyre_copy_string(char* to, const char* from, u64 max): copies up to and with the first zero byte, at most max.
// 1 + the number of bytes before the zero byte, or 1 + max when there is none; 0 after a fault.
    routine lyre_copy_string
    xorl    %eax, %eax
1:  cmpq    %rdx, %rax
    je      2f
    movzbl  (%rsi,%rax), %ecx
    movb    %cl, (%rdi,%rax)
    testl   %ecx, %ecx
    jz      2f
    incq    %rax
    jmp     1b
2:  incq    %rax
    ret
    routine_end lyre_copy_string

// int lyre_load_32(const u32* from, u32* value), int lyre_store_32(u32* to, u32 value): 1, or 0 after a fault.
    routine lyre_load_32
    movl    (%rdi), %eax
    movl    %eax, (%rsi)
    movl    $1, %eax
    ret
    routine_end lyre_load_32

    routine lyre_store_32
    xchgl   %esi, (%rdi)
    movl    $1, %eax
    ret
    routine_end lyre_store_32

// int lyre_compare_exchange_32(u32* at, u32* expected, u32 desired): 1 exchanged, 2 not (*expected is what was found),
// 0 after a fault.
    routine lyre_compare_exchange_32
    movl    (%rsi), %eax
    lock cmpxchgl %edx, (%rdi)
    jne     1f
    movl    $1, %eax
    ret
1:  movl    %eax, (%rsi)
    movl    $2, %eax
    ret
    routine_end lyre_compare_exchange_32

lyre_guest_copy_end:

    .cfi_startproc
lyre_guest_copy_fault:
    xorl    %eax, %eax
    ret
    .cfi_endproc

    .section .note.GNU-stack, "", @progbits
