#include "loader/vdso.hpp"

#include <errno.h>
#include <sys/mman.h>

#include "loader/vdso_code.hpp"
#include "runtime/base/check.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::loader {

namespace {

/// What is made once for each guest that runs.
struct Made {
    std::vector<u8> image;
    u64 code_size;

    explicit Made(const SharedObject& object) : image(write_shared_object(object)), code_size(object.code.size()) {}
};

const Made& made(Machine guest) {
    if (guest == Machine::aarch64) {
        static const Made aarch64(make_aarch64_vdso());
        return aarch64;
    }
    ASSERT(guest == Machine::riscv64);
    static const Made riscv64(make_riscv64_vdso());
    return riscv64;
}

}  // namespace

const std::vector<u8>& vdso_image(Machine guest) {
    return made(guest).image;
}

Result<Vdso> map_vdso(Machine guest, memory::AddressSpace& space) {
    const auto& image = vdso_image(guest);
    const GuestAddress data = space.choose_free(2 * page_size, page_size);
    if (data.value == 0) return fail("no room for the vDSO in the address space", ENOMEM);
    const GuestAddress base = data + page_size;
    SysResult result = space.map_fixed(data, page_size, PROT_READ, -1, 0, "[vvar]");
    if (result >= 0) result = space.map_fixed(base, page_size, PROT_READ | PROT_WRITE, -1, 0, "[vdso]");
    if (result >= 0 && !memory::copy_to_guest(base, image.data(), image.size())) result = -EFAULT;
    if (result >= 0) result = space.protect(base.value, page_size, PROT_READ | PROT_EXEC);
    if (result < 0) return fail("the vDSO cannot be mapped", static_cast<int>(-result));
    const GuestAddress code = base + shared_object_code;
    return Vdso{base, code, code + made(guest).code_size, code + signal_return_offset};
}

}  // namespace lyrebird::loader
