// Where the process begins: the pages that relocation writes to are asked for together, before it touches one after the other. Then
// the C library's entry goes on as if nothing had been.
        .text
        .globl  lyre_entry
        .hidden lyre_entry
        .type   lyre_entry, @function
lyre_entry:
        .cfi_startproc
        .cfi_undefined rip
        pushq   %rdx                    // what the kernel passes on
        subq    $8, %rsp                // 16-aligned before a call
        call    lyre_populate_image
        addq    $8, %rsp
        popq    %rdx
        jmp     _start
        .cfi_endproc
        .size   lyre_entry, . - lyre_entry
        .section .note.GNU-stack, "", @progbits
